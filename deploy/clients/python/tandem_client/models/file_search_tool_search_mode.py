from typing import Literal

FileSearchToolSearchMode = Literal["hybrid", "keyword", "vector"]

FILE_SEARCH_TOOL_SEARCH_MODE_VALUES: set[FileSearchToolSearchMode] = {
    "hybrid",
    "keyword",
    "vector",
}


def check_file_search_tool_search_mode(value: str) -> FileSearchToolSearchMode:
    if value in FILE_SEARCH_TOOL_SEARCH_MODE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {FILE_SEARCH_TOOL_SEARCH_MODE_VALUES!r}"
    )
