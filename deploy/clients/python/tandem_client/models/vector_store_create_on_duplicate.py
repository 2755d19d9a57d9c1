from typing import Literal

VectorStoreCreateOnDuplicate = Literal["keep_both", "replace", "reuse"]

VECTOR_STORE_CREATE_ON_DUPLICATE_VALUES: set[VectorStoreCreateOnDuplicate] = {
    "keep_both",
    "replace",
    "reuse",
}


def check_vector_store_create_on_duplicate(value: str) -> VectorStoreCreateOnDuplicate:
    if value in VECTOR_STORE_CREATE_ON_DUPLICATE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {VECTOR_STORE_CREATE_ON_DUPLICATE_VALUES!r}"
    )
