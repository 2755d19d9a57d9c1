from typing import Literal

FileUploadPurpose = Literal[
    "assistants",
    "batch",
    "evals",
    "fine-tune",
    "fine-tune-results",
    "user_data",
    "vision",
]

FILE_UPLOAD_PURPOSE_VALUES: set[FileUploadPurpose] = {
    "assistants",
    "batch",
    "evals",
    "fine-tune",
    "fine-tune-results",
    "user_data",
    "vision",
}


def check_file_upload_purpose(value: str) -> FileUploadPurpose:
    if value in FILE_UPLOAD_PURPOSE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {FILE_UPLOAD_PURPOSE_VALUES!r}"
    )
