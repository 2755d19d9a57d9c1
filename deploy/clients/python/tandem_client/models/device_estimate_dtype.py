from typing import Literal

DeviceEstimateDtype = Literal["bfloat16", "float32"]

DEVICE_ESTIMATE_DTYPE_VALUES: set[DeviceEstimateDtype] = {
    "bfloat16",
    "float32",
}


def check_device_estimate_dtype(value: str) -> DeviceEstimateDtype:
    if value in DEVICE_ESTIMATE_DTYPE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {DEVICE_ESTIMATE_DTYPE_VALUES!r}"
    )
