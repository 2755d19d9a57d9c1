from typing import Literal

FineTuningJobRetryDeviceType0 = Literal["auto", "cpu", "gpu"]

FINE_TUNING_JOB_RETRY_DEVICE_TYPE_0_VALUES: set[FineTuningJobRetryDeviceType0] = {
    "auto",
    "cpu",
    "gpu",
}


def check_fine_tuning_job_retry_device_type_0(
    value: str,
) -> FineTuningJobRetryDeviceType0:
    if value in FINE_TUNING_JOB_RETRY_DEVICE_TYPE_0_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {FINE_TUNING_JOB_RETRY_DEVICE_TYPE_0_VALUES!r}"
    )
