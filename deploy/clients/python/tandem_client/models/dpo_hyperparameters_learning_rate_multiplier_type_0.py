from typing import Literal

DpoHyperparametersLearningRateMultiplierType0 = Literal["auto"]

DPO_HYPERPARAMETERS_LEARNING_RATE_MULTIPLIER_TYPE_0_VALUES: set[
    DpoHyperparametersLearningRateMultiplierType0
] = {
    "auto",
}


def check_dpo_hyperparameters_learning_rate_multiplier_type_0(
    value: str,
) -> DpoHyperparametersLearningRateMultiplierType0:
    if value in DPO_HYPERPARAMETERS_LEARNING_RATE_MULTIPLIER_TYPE_0_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {DPO_HYPERPARAMETERS_LEARNING_RATE_MULTIPLIER_TYPE_0_VALUES!r}"
    )
