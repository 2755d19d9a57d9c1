from typing import Literal

ListComparisonsOrder = Literal["asc", "desc"]

LIST_COMPARISONS_ORDER_VALUES: set[ListComparisonsOrder] = {
    "asc",
    "desc",
}


def check_list_comparisons_order(value: str) -> ListComparisonsOrder:
    if value in LIST_COMPARISONS_ORDER_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {LIST_COMPARISONS_ORDER_VALUES!r}"
    )
