from typing import Literal

ListBatchFilesFilter = Literal["cancelled", "completed", "failed", "in_progress"]

LIST_BATCH_FILES_FILTER_VALUES: set[ListBatchFilesFilter] = {
    "cancelled",
    "completed",
    "failed",
    "in_progress",
}


def check_list_batch_files_filter(value: str) -> ListBatchFilesFilter:
    if value in LIST_BATCH_FILES_FILTER_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {LIST_BATCH_FILES_FILTER_VALUES!r}"
    )
