from typing import Literal

FileSearchToolOnEmpty = Literal["abstain", "answer"]

FILE_SEARCH_TOOL_ON_EMPTY_VALUES: set[FileSearchToolOnEmpty] = {
    "abstain",
    "answer",
}


def check_file_search_tool_on_empty(value: str) -> FileSearchToolOnEmpty:
    if value in FILE_SEARCH_TOOL_ON_EMPTY_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {FILE_SEARCH_TOOL_ON_EMPTY_VALUES!r}"
    )
