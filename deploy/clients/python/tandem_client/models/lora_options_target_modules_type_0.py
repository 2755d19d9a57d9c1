from typing import Literal

LoraOptionsTargetModulesType0 = Literal["all-linear"]

LORA_OPTIONS_TARGET_MODULES_TYPE_0_VALUES: set[LoraOptionsTargetModulesType0] = {
    "all-linear",
}


def check_lora_options_target_modules_type_0(
    value: str,
) -> LoraOptionsTargetModulesType0:
    if value in LORA_OPTIONS_TARGET_MODULES_TYPE_0_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {LORA_OPTIONS_TARGET_MODULES_TYPE_0_VALUES!r}"
    )
