from typing import Literal

ListStoreFilesFilter = Literal["cancelled", "completed", "failed", "in_progress"]

LIST_STORE_FILES_FILTER_VALUES: set[ListStoreFilesFilter] = {
    "cancelled",
    "completed",
    "failed",
    "in_progress",
}


def check_list_store_files_filter(value: str) -> ListStoreFilesFilter:
    if value in LIST_STORE_FILES_FILTER_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {LIST_STORE_FILES_FILTER_VALUES!r}"
    )
