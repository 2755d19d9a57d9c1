from typing import Literal

DpoHyperparametersLrSchedulerType = Literal["constant", "cosine", "linear"]

DPO_HYPERPARAMETERS_LR_SCHEDULER_TYPE_VALUES: set[DpoHyperparametersLrSchedulerType] = {
    "constant",
    "cosine",
    "linear",
}


def check_dpo_hyperparameters_lr_scheduler_type(
    value: str,
) -> DpoHyperparametersLrSchedulerType:
    if value in DPO_HYPERPARAMETERS_LR_SCHEDULER_TYPE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {DPO_HYPERPARAMETERS_LR_SCHEDULER_TYPE_VALUES!r}"
    )
