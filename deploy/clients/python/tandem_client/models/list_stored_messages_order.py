from typing import Literal

ListStoredMessagesOrder = Literal["asc", "desc"]

LIST_STORED_MESSAGES_ORDER_VALUES: set[ListStoredMessagesOrder] = {
    "asc",
    "desc",
}


def check_list_stored_messages_order(value: str) -> ListStoredMessagesOrder:
    if value in LIST_STORED_MESSAGES_ORDER_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {LIST_STORED_MESSAGES_ORDER_VALUES!r}"
    )
