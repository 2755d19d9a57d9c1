from typing import Literal

ComparisonStatus = Literal["cancelled", "failed", "queued", "running", "succeeded"]

COMPARISON_STATUS_VALUES: set[ComparisonStatus] = {
    "cancelled",
    "failed",
    "queued",
    "running",
    "succeeded",
}


def check_comparison_status(value: str) -> ComparisonStatus:
    if value in COMPARISON_STATUS_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {COMPARISON_STATUS_VALUES!r}"
    )
