from typing import Literal

ListInputItemsIncludeItem = Literal[
    "file_search_call.results",
    "message.input_image.image_url",
    "message.output_text.logprobs",
    "reasoning.encrypted_content",
    "trace",
]

LIST_INPUT_ITEMS_INCLUDE_ITEM_VALUES: set[ListInputItemsIncludeItem] = {
    "file_search_call.results",
    "message.input_image.image_url",
    "message.output_text.logprobs",
    "reasoning.encrypted_content",
    "trace",
}


def check_list_input_items_include_item(value: str) -> ListInputItemsIncludeItem:
    if value in LIST_INPUT_ITEMS_INCLUDE_ITEM_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {LIST_INPUT_ITEMS_INCLUDE_ITEM_VALUES!r}"
    )
