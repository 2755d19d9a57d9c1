from typing import Literal

ValidationEventType = Literal[
    "error", "fine_tuning.validation.completed", "fine_tuning.validation.progress"
]

VALIDATION_EVENT_TYPE_VALUES: set[ValidationEventType] = {
    "error",
    "fine_tuning.validation.completed",
    "fine_tuning.validation.progress",
}


def check_validation_event_type(value: str) -> ValidationEventType:
    if value in VALIDATION_EVENT_TYPE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {VALIDATION_EVENT_TYPE_VALUES!r}"
    )
