from typing import Literal

ChatCompletionCreateToolChoiceType0 = Literal["auto", "none", "required"]

CHAT_COMPLETION_CREATE_TOOL_CHOICE_TYPE_0_VALUES: set[
    ChatCompletionCreateToolChoiceType0
] = {
    "auto",
    "none",
    "required",
}


def check_chat_completion_create_tool_choice_type_0(
    value: str,
) -> ChatCompletionCreateToolChoiceType0:
    if value in CHAT_COMPLETION_CREATE_TOOL_CHOICE_TYPE_0_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {CHAT_COMPLETION_CREATE_TOOL_CHOICE_TYPE_0_VALUES!r}"
    )
