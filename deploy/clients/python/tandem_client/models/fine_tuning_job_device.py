from typing import Literal

FineTuningJobDevice = Literal["auto", "cpu", "gpu"]

FINE_TUNING_JOB_DEVICE_VALUES: set[FineTuningJobDevice] = {
    "auto",
    "cpu",
    "gpu",
}


def check_fine_tuning_job_device(value: str) -> FineTuningJobDevice:
    if value in FINE_TUNING_JOB_DEVICE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {FINE_TUNING_JOB_DEVICE_VALUES!r}"
    )
