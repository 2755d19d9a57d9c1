from typing import Literal

ListCheckpointPermissionsOrder = Literal["asc", "ascending", "desc", "descending"]

LIST_CHECKPOINT_PERMISSIONS_ORDER_VALUES: set[ListCheckpointPermissionsOrder] = {
    "asc",
    "ascending",
    "desc",
    "descending",
}


def check_list_checkpoint_permissions_order(
    value: str,
) -> ListCheckpointPermissionsOrder:
    if value in LIST_CHECKPOINT_PERMISSIONS_ORDER_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {LIST_CHECKPOINT_PERMISSIONS_ORDER_VALUES!r}"
    )
