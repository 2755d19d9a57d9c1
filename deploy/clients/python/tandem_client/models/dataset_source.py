from typing import Literal

DatasetSource = Literal["chat_completions", "documents", "responses"]

DATASET_SOURCE_VALUES: set[DatasetSource] = {
    "chat_completions",
    "documents",
    "responses",
}


def check_dataset_source(value: str) -> DatasetSource:
    if value in DATASET_SOURCE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {DATASET_SOURCE_VALUES!r}"
    )
