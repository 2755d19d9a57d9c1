from typing import Literal

ListBatchFilesOrder = Literal["asc", "desc"]

LIST_BATCH_FILES_ORDER_VALUES: set[ListBatchFilesOrder] = {
    "asc",
    "desc",
}


def check_list_batch_files_order(value: str) -> ListBatchFilesOrder:
    if value in LIST_BATCH_FILES_ORDER_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {LIST_BATCH_FILES_ORDER_VALUES!r}"
    )
