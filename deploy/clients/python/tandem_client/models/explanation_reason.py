from typing import Literal

ExplanationReason = Literal[
    "below_threshold",
    "cancelled",
    "duplicate",
    "failed",
    "filtered_out",
    "found",
    "in_progress",
    "no_chunks",
    "no_match",
    "no_such_file",
    "not_in_store",
    "outranked",
]

EXPLANATION_REASON_VALUES: set[ExplanationReason] = {
    "below_threshold",
    "cancelled",
    "duplicate",
    "failed",
    "filtered_out",
    "found",
    "in_progress",
    "no_chunks",
    "no_match",
    "no_such_file",
    "not_in_store",
    "outranked",
}


def check_explanation_reason(value: str) -> ExplanationReason:
    if value in EXPLANATION_REASON_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {EXPLANATION_REASON_VALUES!r}"
    )
