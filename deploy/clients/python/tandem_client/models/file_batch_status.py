from typing import Literal

FileBatchStatus = Literal["cancelled", "completed", "failed", "in_progress"]

FILE_BATCH_STATUS_VALUES: set[FileBatchStatus] = {
    "cancelled",
    "completed",
    "failed",
    "in_progress",
}


def check_file_batch_status(value: str) -> FileBatchStatus:
    if value in FILE_BATCH_STATUS_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {FILE_BATCH_STATUS_VALUES!r}"
    )
