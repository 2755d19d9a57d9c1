from typing import Literal

DpoHyperparametersNEpochsType0 = Literal["auto"]

DPO_HYPERPARAMETERS_N_EPOCHS_TYPE_0_VALUES: set[DpoHyperparametersNEpochsType0] = {
    "auto",
}


def check_dpo_hyperparameters_n_epochs_type_0(
    value: str,
) -> DpoHyperparametersNEpochsType0:
    if value in DPO_HYPERPARAMETERS_N_EPOCHS_TYPE_0_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {DPO_HYPERPARAMETERS_N_EPOCHS_TYPE_0_VALUES!r}"
    )
