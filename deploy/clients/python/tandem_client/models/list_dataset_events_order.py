from typing import Literal

ListDatasetEventsOrder = Literal["asc", "desc"]

LIST_DATASET_EVENTS_ORDER_VALUES: set[ListDatasetEventsOrder] = {
    "asc",
    "desc",
}


def check_list_dataset_events_order(value: str) -> ListDatasetEventsOrder:
    if value in LIST_DATASET_EVENTS_ORDER_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {LIST_DATASET_EVENTS_ORDER_VALUES!r}"
    )
