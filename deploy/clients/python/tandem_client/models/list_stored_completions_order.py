from typing import Literal

ListStoredCompletionsOrder = Literal["asc", "desc"]

LIST_STORED_COMPLETIONS_ORDER_VALUES: set[ListStoredCompletionsOrder] = {
    "asc",
    "desc",
}


def check_list_stored_completions_order(value: str) -> ListStoredCompletionsOrder:
    if value in LIST_STORED_COMPLETIONS_ORDER_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {LIST_STORED_COMPLETIONS_ORDER_VALUES!r}"
    )
