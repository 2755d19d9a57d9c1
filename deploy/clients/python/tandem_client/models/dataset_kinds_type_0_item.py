from typing import Literal

DatasetKindsType0Item = Literal["fact", "list", "name", "number", "why", "yes_no"]

DATASET_KINDS_TYPE_0_ITEM_VALUES: set[DatasetKindsType0Item] = {
    "fact",
    "list",
    "name",
    "number",
    "why",
    "yes_no",
}


def check_dataset_kinds_type_0_item(value: str) -> DatasetKindsType0Item:
    if value in DATASET_KINDS_TYPE_0_ITEM_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {DATASET_KINDS_TYPE_0_ITEM_VALUES!r}"
    )
