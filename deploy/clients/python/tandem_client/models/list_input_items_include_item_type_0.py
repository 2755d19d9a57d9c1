from typing import Literal

ListInputItemsIncludeItemType0 = Literal[
    "file_search_call.results",
    "message.output_text.logprobs",
    "reasoning.encrypted_content",
    "trace",
]

LIST_INPUT_ITEMS_INCLUDE_ITEM_TYPE_0_VALUES: set[ListInputItemsIncludeItemType0] = {
    "file_search_call.results",
    "message.output_text.logprobs",
    "reasoning.encrypted_content",
    "trace",
}


def check_list_input_items_include_item_type_0(
    value: str,
) -> ListInputItemsIncludeItemType0:
    if value in LIST_INPUT_ITEMS_INCLUDE_ITEM_TYPE_0_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {LIST_INPUT_ITEMS_INCLUDE_ITEM_TYPE_0_VALUES!r}"
    )
