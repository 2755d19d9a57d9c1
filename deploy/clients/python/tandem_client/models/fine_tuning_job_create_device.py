from typing import Literal

FineTuningJobCreateDevice = Literal["auto", "cpu", "gpu"]

FINE_TUNING_JOB_CREATE_DEVICE_VALUES: set[FineTuningJobCreateDevice] = {
    "auto",
    "cpu",
    "gpu",
}


def check_fine_tuning_job_create_device(value: str) -> FineTuningJobCreateDevice:
    if value in FINE_TUNING_JOB_CREATE_DEVICE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {FINE_TUNING_JOB_CREATE_DEVICE_VALUES!r}"
    )
