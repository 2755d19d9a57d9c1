from typing import Literal

ComparisonEventLevel = Literal["error", "info", "warn"]

COMPARISON_EVENT_LEVEL_VALUES: set[ComparisonEventLevel] = {
    "error",
    "info",
    "warn",
}


def check_comparison_event_level(value: str) -> ComparisonEventLevel:
    if value in COMPARISON_EVENT_LEVEL_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {COMPARISON_EVENT_LEVEL_VALUES!r}"
    )
