from typing import Literal

ValidationProgressFile = Literal["training_file", "validation_file"]

VALIDATION_PROGRESS_FILE_VALUES: set[ValidationProgressFile] = {
    "training_file",
    "validation_file",
}


def check_validation_progress_file(value: str) -> ValidationProgressFile:
    if value in VALIDATION_PROGRESS_FILE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {VALIDATION_PROGRESS_FILE_VALUES!r}"
    )
