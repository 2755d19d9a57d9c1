from typing import Literal

ResponseCreateToolChoiceType0 = Literal["auto", "none", "required"]

RESPONSE_CREATE_TOOL_CHOICE_TYPE_0_VALUES: set[ResponseCreateToolChoiceType0] = {
    "auto",
    "none",
    "required",
}


def check_response_create_tool_choice_type_0(
    value: str,
) -> ResponseCreateToolChoiceType0:
    if value in RESPONSE_CREATE_TOOL_CHOICE_TYPE_0_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {RESPONSE_CREATE_TOOL_CHOICE_TYPE_0_VALUES!r}"
    )
