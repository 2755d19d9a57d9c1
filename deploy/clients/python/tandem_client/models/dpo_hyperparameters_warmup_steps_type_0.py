from typing import Literal

DpoHyperparametersWarmupStepsType0 = Literal["auto"]

DPO_HYPERPARAMETERS_WARMUP_STEPS_TYPE_0_VALUES: set[
    DpoHyperparametersWarmupStepsType0
] = {
    "auto",
}


def check_dpo_hyperparameters_warmup_steps_type_0(
    value: str,
) -> DpoHyperparametersWarmupStepsType0:
    if value in DPO_HYPERPARAMETERS_WARMUP_STEPS_TYPE_0_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {DPO_HYPERPARAMETERS_WARMUP_STEPS_TYPE_0_VALUES!r}"
    )
