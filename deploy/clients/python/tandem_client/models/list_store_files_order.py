from typing import Literal

ListStoreFilesOrder = Literal["asc", "desc"]

LIST_STORE_FILES_ORDER_VALUES: set[ListStoreFilesOrder] = {
    "asc",
    "desc",
}


def check_list_store_files_order(value: str) -> ListStoreFilesOrder:
    if value in LIST_STORE_FILES_ORDER_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {LIST_STORE_FILES_ORDER_VALUES!r}"
    )
