from typing import Literal

FileValidationFormatType0 = Literal[
    "alpaca", "chat", "csv", "preference", "prompt_completion", "sharegpt"
]

FILE_VALIDATION_FORMAT_TYPE_0_VALUES: set[FileValidationFormatType0] = {
    "alpaca",
    "chat",
    "csv",
    "preference",
    "prompt_completion",
    "sharegpt",
}


def check_file_validation_format_type_0(value: str) -> FileValidationFormatType0:
    if value in FILE_VALIDATION_FORMAT_TYPE_0_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {FILE_VALIDATION_FORMAT_TYPE_0_VALUES!r}"
    )
