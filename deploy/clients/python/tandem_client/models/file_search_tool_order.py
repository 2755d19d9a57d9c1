from typing import Literal

FileSearchToolOrder = Literal["document", "relevance", "reverse"]

FILE_SEARCH_TOOL_ORDER_VALUES: set[FileSearchToolOrder] = {
    "document",
    "relevance",
    "reverse",
}


def check_file_search_tool_order(value: str) -> FileSearchToolOrder:
    if value in FILE_SEARCH_TOOL_ORDER_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {FILE_SEARCH_TOOL_ORDER_VALUES!r}"
    )
