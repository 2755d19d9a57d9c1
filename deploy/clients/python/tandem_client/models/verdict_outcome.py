from typing import Literal

VerdictOutcome = Literal[
    "base_is_enough", "failed", "not_settled", "recommendation", "too_few"
]

VERDICT_OUTCOME_VALUES: set[VerdictOutcome] = {
    "base_is_enough",
    "failed",
    "not_settled",
    "recommendation",
    "too_few",
}


def check_verdict_outcome(value: str) -> VerdictOutcome:
    if value in VERDICT_OUTCOME_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {VERDICT_OUTCOME_VALUES!r}"
    )
