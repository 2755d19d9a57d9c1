from typing import Literal

HyperparametersMaxLengthType0 = Literal["auto"]

HYPERPARAMETERS_MAX_LENGTH_TYPE_0_VALUES: set[HyperparametersMaxLengthType0] = {
    "auto",
}


def check_hyperparameters_max_length_type_0(
    value: str,
) -> HyperparametersMaxLengthType0:
    if value in HYPERPARAMETERS_MAX_LENGTH_TYPE_0_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {HYPERPARAMETERS_MAX_LENGTH_TYPE_0_VALUES!r}"
    )
