from typing import Literal

HyperparametersLrSchedulerType = Literal["constant", "cosine", "linear"]

HYPERPARAMETERS_LR_SCHEDULER_TYPE_VALUES: set[HyperparametersLrSchedulerType] = {
    "constant",
    "cosine",
    "linear",
}


def check_hyperparameters_lr_scheduler_type(
    value: str,
) -> HyperparametersLrSchedulerType:
    if value in HYPERPARAMETERS_LR_SCHEDULER_TYPE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {HYPERPARAMETERS_LR_SCHEDULER_TYPE_VALUES!r}"
    )
