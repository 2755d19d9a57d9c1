from typing import Literal

MethodsFitFull = Literal["no", "slower", "yes"]

METHODS_FIT_FULL_VALUES: set[MethodsFitFull] = {
    "no",
    "slower",
    "yes",
}


def check_methods_fit_full(value: str) -> MethodsFitFull:
    if value in METHODS_FIT_FULL_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {METHODS_FIT_FULL_VALUES!r}"
    )
