from typing import Literal

RetrieveResponseIncludeItem = Literal[
    "file_search_call.results",
    "message.output_text.logprobs",
    "reasoning.encrypted_content",
    "trace",
]

RETRIEVE_RESPONSE_INCLUDE_ITEM_VALUES: set[RetrieveResponseIncludeItem] = {
    "file_search_call.results",
    "message.output_text.logprobs",
    "reasoning.encrypted_content",
    "trace",
}


def check_retrieve_response_include_item(value: str) -> RetrieveResponseIncludeItem:
    if value in RETRIEVE_RESPONSE_INCLUDE_ITEM_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {RETRIEVE_RESPONSE_INCLUDE_ITEM_VALUES!r}"
    )
