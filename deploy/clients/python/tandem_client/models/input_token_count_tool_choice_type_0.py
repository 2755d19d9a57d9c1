from typing import Literal

InputTokenCountToolChoiceType0 = Literal["auto", "none", "required"]

INPUT_TOKEN_COUNT_TOOL_CHOICE_TYPE_0_VALUES: set[InputTokenCountToolChoiceType0] = {
    "auto",
    "none",
    "required",
}


def check_input_token_count_tool_choice_type_0(
    value: str,
) -> InputTokenCountToolChoiceType0:
    if value in INPUT_TOKEN_COUNT_TOOL_CHOICE_TYPE_0_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {INPUT_TOKEN_COUNT_TOOL_CHOICE_TYPE_0_VALUES!r}"
    )
