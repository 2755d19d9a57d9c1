from typing import Literal

DatasetKindsItem = Literal["fact", "list", "name", "number", "why", "yes_no"]

DATASET_KINDS_ITEM_VALUES: set[DatasetKindsItem] = {
    "fact",
    "list",
    "name",
    "number",
    "why",
    "yes_no",
}


def check_dataset_kinds_item(value: str) -> DatasetKindsItem:
    if value in DATASET_KINDS_ITEM_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {DATASET_KINDS_ITEM_VALUES!r}"
    )
