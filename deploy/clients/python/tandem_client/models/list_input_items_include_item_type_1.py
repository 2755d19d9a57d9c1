from typing import Literal

ListInputItemsIncludeItemType1 = Literal["message.input_image.image_url"]

LIST_INPUT_ITEMS_INCLUDE_ITEM_TYPE_1_VALUES: set[ListInputItemsIncludeItemType1] = {
    "message.input_image.image_url",
}


def check_list_input_items_include_item_type_1(
    value: str,
) -> ListInputItemsIncludeItemType1:
    if value in LIST_INPUT_ITEMS_INCLUDE_ITEM_TYPE_1_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {LIST_INPUT_ITEMS_INCLUDE_ITEM_TYPE_1_VALUES!r}"
    )
