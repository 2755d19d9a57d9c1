from typing import Literal

ComparisonEventType = Literal["message", "metrics"]

COMPARISON_EVENT_TYPE_VALUES: set[ComparisonEventType] = {
    "message",
    "metrics",
}


def check_comparison_event_type(value: str) -> ComparisonEventType:
    if value in COMPARISON_EVENT_TYPE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {COMPARISON_EVENT_TYPE_VALUES!r}"
    )
