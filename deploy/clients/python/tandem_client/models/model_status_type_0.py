from typing import Literal

ModelStatusType0 = Literal["in_service", "out_of_service"]

MODEL_STATUS_TYPE_0_VALUES: set[ModelStatusType0] = {
    "in_service",
    "out_of_service",
}


def check_model_status_type_0(value: str) -> ModelStatusType0:
    if value in MODEL_STATUS_TYPE_0_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {MODEL_STATUS_TYPE_0_VALUES!r}"
    )
