from typing import Literal

FineTuningJobRetryPriorityType0 = Literal["high", "low", "normal"]

FINE_TUNING_JOB_RETRY_PRIORITY_TYPE_0_VALUES: set[FineTuningJobRetryPriorityType0] = {
    "high",
    "low",
    "normal",
}


def check_fine_tuning_job_retry_priority_type_0(
    value: str,
) -> FineTuningJobRetryPriorityType0:
    if value in FINE_TUNING_JOB_RETRY_PRIORITY_TYPE_0_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {FINE_TUNING_JOB_RETRY_PRIORITY_TYPE_0_VALUES!r}"
    )
