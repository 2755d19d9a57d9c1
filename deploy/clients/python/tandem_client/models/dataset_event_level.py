from typing import Literal

DatasetEventLevel = Literal["error", "info", "warn"]

DATASET_EVENT_LEVEL_VALUES: set[DatasetEventLevel] = {
    "error",
    "info",
    "warn",
}


def check_dataset_event_level(value: str) -> DatasetEventLevel:
    if value in DATASET_EVENT_LEVEL_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {DATASET_EVENT_LEVEL_VALUES!r}"
    )
