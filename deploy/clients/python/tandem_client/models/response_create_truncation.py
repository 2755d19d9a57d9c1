from typing import Literal

ResponseCreateTruncation = Literal["auto", "disabled"]

RESPONSE_CREATE_TRUNCATION_VALUES: set[ResponseCreateTruncation] = {
    "auto",
    "disabled",
}


def check_response_create_truncation(value: str) -> ResponseCreateTruncation:
    if value in RESPONSE_CREATE_TRUNCATION_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {RESPONSE_CREATE_TRUNCATION_VALUES!r}"
    )
