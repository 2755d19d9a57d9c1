from typing import Literal

FileBatchCreateOnDuplicate = Literal["keep_both", "replace", "reuse"]

FILE_BATCH_CREATE_ON_DUPLICATE_VALUES: set[FileBatchCreateOnDuplicate] = {
    "keep_both",
    "replace",
    "reuse",
}


def check_file_batch_create_on_duplicate(value: str) -> FileBatchCreateOnDuplicate:
    if value in FILE_BATCH_CREATE_ON_DUPLICATE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {FILE_BATCH_CREATE_ON_DUPLICATE_VALUES!r}"
    )
