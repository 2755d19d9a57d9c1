from typing import Literal

FileSearchToolAttribution = Literal["embeddings", "none", "words"]

FILE_SEARCH_TOOL_ATTRIBUTION_VALUES: set[FileSearchToolAttribution] = {
    "embeddings",
    "none",
    "words",
}


def check_file_search_tool_attribution(value: str) -> FileSearchToolAttribution:
    if value in FILE_SEARCH_TOOL_ATTRIBUTION_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {FILE_SEARCH_TOOL_ATTRIBUTION_VALUES!r}"
    )
