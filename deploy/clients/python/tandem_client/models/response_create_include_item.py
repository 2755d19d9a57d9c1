from typing import Literal

ResponseCreateIncludeItem = Literal[
    "file_search_call.results",
    "message.output_text.logprobs",
    "reasoning.encrypted_content",
    "trace",
]

RESPONSE_CREATE_INCLUDE_ITEM_VALUES: set[ResponseCreateIncludeItem] = {
    "file_search_call.results",
    "message.output_text.logprobs",
    "reasoning.encrypted_content",
    "trace",
}


def check_response_create_include_item(value: str) -> ResponseCreateIncludeItem:
    if value in RESPONSE_CREATE_INCLUDE_ITEM_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {RESPONSE_CREATE_INCLUDE_ITEM_VALUES!r}"
    )
