from typing import Literal

DeviceEstimateMeasuredByType0 = Literal["calibration", "training"]

DEVICE_ESTIMATE_MEASURED_BY_TYPE_0_VALUES: set[DeviceEstimateMeasuredByType0] = {
    "calibration",
    "training",
}


def check_device_estimate_measured_by_type_0(
    value: str,
) -> DeviceEstimateMeasuredByType0:
    if value in DEVICE_ESTIMATE_MEASURED_BY_TYPE_0_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {DEVICE_ESTIMATE_MEASURED_BY_TYPE_0_VALUES!r}"
    )
