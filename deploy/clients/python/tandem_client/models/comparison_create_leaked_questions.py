from typing import Literal

ComparisonCreateLeakedQuestions = Literal["keep", "leave_out"]

COMPARISON_CREATE_LEAKED_QUESTIONS_VALUES: set[ComparisonCreateLeakedQuestions] = {
    "keep",
    "leave_out",
}


def check_comparison_create_leaked_questions(
    value: str,
) -> ComparisonCreateLeakedQuestions:
    if value in COMPARISON_CREATE_LEAKED_QUESTIONS_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {COMPARISON_CREATE_LEAKED_QUESTIONS_VALUES!r}"
    )
