from typing import Literal

RunComparisonOutcome = Literal["better", "no_difference_shown", "too_few"]

RUN_COMPARISON_OUTCOME_VALUES: set[RunComparisonOutcome] = {
    "better",
    "no_difference_shown",
    "too_few",
}


def check_run_comparison_outcome(value: str) -> RunComparisonOutcome:
    if value in RUN_COMPARISON_OUTCOME_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {RUN_COMPARISON_OUTCOME_VALUES!r}"
    )
