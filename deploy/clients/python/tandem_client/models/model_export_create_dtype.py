from typing import Literal

ModelExportCreateDtype = Literal["bfloat16", "float16", "float32"]

MODEL_EXPORT_CREATE_DTYPE_VALUES: set[ModelExportCreateDtype] = {
    "bfloat16",
    "float16",
    "float32",
}


def check_model_export_create_dtype(value: str) -> ModelExportCreateDtype:
    if value in MODEL_EXPORT_CREATE_DTYPE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {MODEL_EXPORT_CREATE_DTYPE_VALUES!r}"
    )
