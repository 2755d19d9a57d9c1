from typing import Literal

ImportedItemStatus = Literal["error", "fail", "pass"]

IMPORTED_ITEM_STATUS_VALUES: set[ImportedItemStatus] = {
    "error",
    "fail",
    "pass",
}


def check_imported_item_status(value: str) -> ImportedItemStatus:
    if value in IMPORTED_ITEM_STATUS_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {IMPORTED_ITEM_STATUS_VALUES!r}"
    )
