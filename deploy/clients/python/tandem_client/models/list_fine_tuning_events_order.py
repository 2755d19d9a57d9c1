from typing import Literal

ListFineTuningEventsOrder = Literal["asc", "desc"]

LIST_FINE_TUNING_EVENTS_ORDER_VALUES: set[ListFineTuningEventsOrder] = {
    "asc",
    "desc",
}


def check_list_fine_tuning_events_order(value: str) -> ListFineTuningEventsOrder:
    if value in LIST_FINE_TUNING_EVENTS_ORDER_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {LIST_FINE_TUNING_EVENTS_ORDER_VALUES!r}"
    )
