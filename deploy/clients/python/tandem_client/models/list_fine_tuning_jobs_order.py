from typing import Literal

ListFineTuningJobsOrder = Literal["asc", "desc"]

LIST_FINE_TUNING_JOBS_ORDER_VALUES: set[ListFineTuningJobsOrder] = {
    "asc",
    "desc",
}


def check_list_fine_tuning_jobs_order(value: str) -> ListFineTuningJobsOrder:
    if value in LIST_FINE_TUNING_JOBS_ORDER_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {LIST_FINE_TUNING_JOBS_ORDER_VALUES!r}"
    )
