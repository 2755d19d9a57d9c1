from typing import Literal

FileSearchToolQuery = Literal["conversation", "last"]

FILE_SEARCH_TOOL_QUERY_VALUES: set[FileSearchToolQuery] = {
    "conversation",
    "last",
}


def check_file_search_tool_query(value: str) -> FileSearchToolQuery:
    if value in FILE_SEARCH_TOOL_QUERY_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {FILE_SEARCH_TOOL_QUERY_VALUES!r}"
    )
