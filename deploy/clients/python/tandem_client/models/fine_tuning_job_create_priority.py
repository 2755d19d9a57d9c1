from typing import Literal

FineTuningJobCreatePriority = Literal["high", "low", "normal"]

FINE_TUNING_JOB_CREATE_PRIORITY_VALUES: set[FineTuningJobCreatePriority] = {
    "high",
    "low",
    "normal",
}


def check_fine_tuning_job_create_priority(value: str) -> FineTuningJobCreatePriority:
    if value in FINE_TUNING_JOB_CREATE_PRIORITY_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {FINE_TUNING_JOB_CREATE_PRIORITY_VALUES!r}"
    )
