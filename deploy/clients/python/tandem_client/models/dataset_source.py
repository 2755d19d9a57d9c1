from typing import Literal

DatasetSource = Literal["documents", "responses"]

DATASET_SOURCE_VALUES: set[DatasetSource] = {
    "documents",
    "responses",
}


def check_dataset_source(value: str) -> DatasetSource:
    if value in DATASET_SOURCE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {DATASET_SOURCE_VALUES!r}"
    )
