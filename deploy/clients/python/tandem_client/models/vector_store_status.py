from typing import Literal

VectorStoreStatus = Literal["completed", "expired", "in_progress"]

VECTOR_STORE_STATUS_VALUES: set[VectorStoreStatus] = {
    "completed",
    "expired",
    "in_progress",
}


def check_vector_store_status(value: str) -> VectorStoreStatus:
    if value in VECTOR_STORE_STATUS_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {VECTOR_STORE_STATUS_VALUES!r}"
    )
