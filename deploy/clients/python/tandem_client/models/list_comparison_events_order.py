from typing import Literal

ListComparisonEventsOrder = Literal["asc", "desc"]

LIST_COMPARISON_EVENTS_ORDER_VALUES: set[ListComparisonEventsOrder] = {
    "asc",
    "desc",
}


def check_list_comparison_events_order(value: str) -> ListComparisonEventsOrder:
    if value in LIST_COMPARISON_EVENTS_ORDER_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {LIST_COMPARISON_EVENTS_ORDER_VALUES!r}"
    )
