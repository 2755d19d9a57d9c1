from typing import Literal

ListReembeddingsOrder = Literal["asc", "desc"]

LIST_REEMBEDDINGS_ORDER_VALUES: set[ListReembeddingsOrder] = {
    "asc",
    "desc",
}


def check_list_reembeddings_order(value: str) -> ListReembeddingsOrder:
    if value in LIST_REEMBEDDINGS_ORDER_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {LIST_REEMBEDDINGS_ORDER_VALUES!r}"
    )
