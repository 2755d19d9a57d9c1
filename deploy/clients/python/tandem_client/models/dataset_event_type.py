from typing import Literal

DatasetEventType = Literal["message", "metrics"]

DATASET_EVENT_TYPE_VALUES: set[DatasetEventType] = {
    "message",
    "metrics",
}


def check_dataset_event_type(value: str) -> DatasetEventType:
    if value in DATASET_EVENT_TYPE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {DATASET_EVENT_TYPE_VALUES!r}"
    )
