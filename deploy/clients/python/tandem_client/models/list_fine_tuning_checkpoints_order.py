from typing import Literal

ListFineTuningCheckpointsOrder = Literal["asc", "desc"]

LIST_FINE_TUNING_CHECKPOINTS_ORDER_VALUES: set[ListFineTuningCheckpointsOrder] = {
    "asc",
    "desc",
}


def check_list_fine_tuning_checkpoints_order(
    value: str,
) -> ListFineTuningCheckpointsOrder:
    if value in LIST_FINE_TUNING_CHECKPOINTS_ORDER_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {LIST_FINE_TUNING_CHECKPOINTS_ORDER_VALUES!r}"
    )
