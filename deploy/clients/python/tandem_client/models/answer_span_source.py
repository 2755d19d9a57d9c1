from typing import Literal

AnswerSpanSource = Literal["alignment", "marker"]

ANSWER_SPAN_SOURCE_VALUES: set[AnswerSpanSource] = {
    "alignment",
    "marker",
}


def check_answer_span_source(value: str) -> AnswerSpanSource:
    if value in ANSWER_SPAN_SOURCE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {ANSWER_SPAN_SOURCE_VALUES!r}"
    )
