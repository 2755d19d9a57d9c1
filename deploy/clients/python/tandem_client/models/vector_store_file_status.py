from typing import Literal

VectorStoreFileStatus = Literal["cancelled", "completed", "failed", "in_progress"]

VECTOR_STORE_FILE_STATUS_VALUES: set[VectorStoreFileStatus] = {
    "cancelled",
    "completed",
    "failed",
    "in_progress",
}


def check_vector_store_file_status(value: str) -> VectorStoreFileStatus:
    if value in VECTOR_STORE_FILE_STATUS_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {VECTOR_STORE_FILE_STATUS_VALUES!r}"
    )
