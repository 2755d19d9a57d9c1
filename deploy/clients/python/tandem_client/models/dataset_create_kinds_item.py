from typing import Literal

DatasetCreateKindsItem = Literal["fact", "list", "name", "number", "why", "yes_no"]

DATASET_CREATE_KINDS_ITEM_VALUES: set[DatasetCreateKindsItem] = {
    "fact",
    "list",
    "name",
    "number",
    "why",
    "yes_no",
}


def check_dataset_create_kinds_item(value: str) -> DatasetCreateKindsItem:
    if value in DATASET_CREATE_KINDS_ITEM_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {DATASET_CREATE_KINDS_ITEM_VALUES!r}"
    )
