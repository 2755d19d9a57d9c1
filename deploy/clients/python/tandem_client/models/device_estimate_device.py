from typing import Literal

DeviceEstimateDevice = Literal["cpu", "gpu"]

DEVICE_ESTIMATE_DEVICE_VALUES: set[DeviceEstimateDevice] = {
    "cpu",
    "gpu",
}


def check_device_estimate_device(value: str) -> DeviceEstimateDevice:
    if value in DEVICE_ESTIMATE_DEVICE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {DEVICE_ESTIMATE_DEVICE_VALUES!r}"
    )
