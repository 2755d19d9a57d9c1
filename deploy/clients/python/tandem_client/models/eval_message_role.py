from typing import Literal

EvalMessageRole = Literal["assistant", "developer", "system", "user"]

EVAL_MESSAGE_ROLE_VALUES: set[EvalMessageRole] = {
    "assistant",
    "developer",
    "system",
    "user",
}


def check_eval_message_role(value: str) -> EvalMessageRole:
    if value in EVAL_MESSAGE_ROLE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {EVAL_MESSAGE_ROLE_VALUES!r}"
    )
