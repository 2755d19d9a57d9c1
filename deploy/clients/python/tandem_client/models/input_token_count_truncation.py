from typing import Literal

InputTokenCountTruncation = Literal["auto", "disabled"]

INPUT_TOKEN_COUNT_TRUNCATION_VALUES: set[InputTokenCountTruncation] = {
    "auto",
    "disabled",
}


def check_input_token_count_truncation(value: str) -> InputTokenCountTruncation:
    if value in INPUT_TOKEN_COUNT_TRUNCATION_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {INPUT_TOKEN_COUNT_TRUNCATION_VALUES!r}"
    )
