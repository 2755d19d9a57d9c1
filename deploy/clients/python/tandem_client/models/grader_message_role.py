from typing import Literal

GraderMessageRole = Literal["assistant", "developer", "system", "user"]

GRADER_MESSAGE_ROLE_VALUES: set[GraderMessageRole] = {
    "assistant",
    "developer",
    "system",
    "user",
}


def check_grader_message_role(value: str) -> GraderMessageRole:
    if value in GRADER_MESSAGE_ROLE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {GRADER_MESSAGE_ROLE_VALUES!r}"
    )
