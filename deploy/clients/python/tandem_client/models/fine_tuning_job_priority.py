from typing import Literal

FineTuningJobPriority = Literal["high", "low", "normal"]

FINE_TUNING_JOB_PRIORITY_VALUES: set[FineTuningJobPriority] = {
    "high",
    "low",
    "normal",
}


def check_fine_tuning_job_priority(value: str) -> FineTuningJobPriority:
    if value in FINE_TUNING_JOB_PRIORITY_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {FINE_TUNING_JOB_PRIORITY_VALUES!r}"
    )
