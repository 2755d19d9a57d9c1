from typing import Literal

ListEvalRunsStatus = Literal["canceled", "completed", "failed", "in_progress", "queued"]

LIST_EVAL_RUNS_STATUS_VALUES: set[ListEvalRunsStatus] = {
    "canceled",
    "completed",
    "failed",
    "in_progress",
    "queued",
}


def check_list_eval_runs_status(value: str) -> ListEvalRunsStatus:
    if value in LIST_EVAL_RUNS_STATUS_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {LIST_EVAL_RUNS_STATUS_VALUES!r}"
    )
