from typing import Literal

MethodsFitQlora = Literal["no", "slower", "yes"]

METHODS_FIT_QLORA_VALUES: set[MethodsFitQlora] = {
    "no",
    "slower",
    "yes",
}


def check_methods_fit_qlora(value: str) -> MethodsFitQlora:
    if value in METHODS_FIT_QLORA_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {METHODS_FIT_QLORA_VALUES!r}"
    )
