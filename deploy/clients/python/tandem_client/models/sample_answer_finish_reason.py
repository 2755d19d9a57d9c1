from typing import Literal

SampleAnswerFinishReason = Literal["length", "stop"]

SAMPLE_ANSWER_FINISH_REASON_VALUES: set[SampleAnswerFinishReason] = {
    "length",
    "stop",
}


def check_sample_answer_finish_reason(value: str) -> SampleAnswerFinishReason:
    if value in SAMPLE_ANSWER_FINISH_REASON_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {SAMPLE_ANSWER_FINISH_REASON_VALUES!r}"
    )
