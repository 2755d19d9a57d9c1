from typing import Literal

VectorStoreFileCreateOnDuplicate = Literal["keep_both", "replace", "reuse"]

VECTOR_STORE_FILE_CREATE_ON_DUPLICATE_VALUES: set[VectorStoreFileCreateOnDuplicate] = {
    "keep_both",
    "replace",
    "reuse",
}


def check_vector_store_file_create_on_duplicate(
    value: str,
) -> VectorStoreFileCreateOnDuplicate:
    if value in VECTOR_STORE_FILE_CREATE_ON_DUPLICATE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {VECTOR_STORE_FILE_CREATE_ON_DUPLICATE_VALUES!r}"
    )
