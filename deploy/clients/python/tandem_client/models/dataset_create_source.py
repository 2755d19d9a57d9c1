from typing import Literal

DatasetCreateSource = Literal["chat_completions", "documents", "responses"]

DATASET_CREATE_SOURCE_VALUES: set[DatasetCreateSource] = {
    "chat_completions",
    "documents",
    "responses",
}


def check_dataset_create_source(value: str) -> DatasetCreateSource:
    if value in DATASET_CREATE_SOURCE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {DATASET_CREATE_SOURCE_VALUES!r}"
    )
