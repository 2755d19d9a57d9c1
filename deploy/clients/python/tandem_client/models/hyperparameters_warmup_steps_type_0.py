from typing import Literal

HyperparametersWarmupStepsType0 = Literal["auto"]

HYPERPARAMETERS_WARMUP_STEPS_TYPE_0_VALUES: set[HyperparametersWarmupStepsType0] = {
    "auto",
}


def check_hyperparameters_warmup_steps_type_0(
    value: str,
) -> HyperparametersWarmupStepsType0:
    if value in HYPERPARAMETERS_WARMUP_STEPS_TYPE_0_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {HYPERPARAMETERS_WARMUP_STEPS_TYPE_0_VALUES!r}"
    )
