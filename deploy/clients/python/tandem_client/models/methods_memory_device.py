from typing import Literal

MethodsMemoryDevice = Literal["cpu", "gpu"]

METHODS_MEMORY_DEVICE_VALUES: set[MethodsMemoryDevice] = {
    "cpu",
    "gpu",
}


def check_methods_memory_device(value: str) -> MethodsMemoryDevice:
    if value in METHODS_MEMORY_DEVICE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {METHODS_MEMORY_DEVICE_VALUES!r}"
    )
