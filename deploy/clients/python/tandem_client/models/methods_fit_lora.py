from typing import Literal

MethodsFitLora = Literal["no", "slower", "yes"]

METHODS_FIT_LORA_VALUES: set[MethodsFitLora] = {
    "no",
    "slower",
    "yes",
}


def check_methods_fit_lora(value: str) -> MethodsFitLora:
    if value in METHODS_FIT_LORA_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {METHODS_FIT_LORA_VALUES!r}"
    )
