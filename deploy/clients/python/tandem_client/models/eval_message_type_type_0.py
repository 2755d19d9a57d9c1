from typing import Literal

EvalMessageTypeType0 = Literal["message"]

EVAL_MESSAGE_TYPE_TYPE_0_VALUES: set[EvalMessageTypeType0] = {
    "message",
}


def check_eval_message_type_type_0(value: str) -> EvalMessageTypeType0:
    if value in EVAL_MESSAGE_TYPE_TYPE_0_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {EVAL_MESSAGE_TYPE_TYPE_0_VALUES!r}"
    )
