from typing import Literal

MethodsMemoryDtype = Literal["bfloat16", "float32"]

METHODS_MEMORY_DTYPE_VALUES: set[MethodsMemoryDtype] = {
    "bfloat16",
    "float32",
}


def check_methods_memory_dtype(value: str) -> MethodsMemoryDtype:
    if value in METHODS_MEMORY_DTYPE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {METHODS_MEMORY_DTYPE_VALUES!r}"
    )
