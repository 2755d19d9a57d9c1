from typing import Literal

NumericGraderSelect = Literal["first", "last"]

NUMERIC_GRADER_SELECT_VALUES: set[NumericGraderSelect] = {
    "first",
    "last",
}


def check_numeric_grader_select(value: str) -> NumericGraderSelect:
    if value in NUMERIC_GRADER_SELECT_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {NUMERIC_GRADER_SELECT_VALUES!r}"
    )
