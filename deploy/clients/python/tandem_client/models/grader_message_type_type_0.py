from typing import Literal

GraderMessageTypeType0 = Literal["message"]

GRADER_MESSAGE_TYPE_TYPE_0_VALUES: set[GraderMessageTypeType0] = {
    "message",
}


def check_grader_message_type_type_0(value: str) -> GraderMessageTypeType0:
    if value in GRADER_MESSAGE_TYPE_TYPE_0_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {GRADER_MESSAGE_TYPE_TYPE_0_VALUES!r}"
    )
