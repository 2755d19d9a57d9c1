from typing import Literal

AllowedToolType = Literal["file_search", "function"]

ALLOWED_TOOL_TYPE_VALUES: set[AllowedToolType] = {
    "file_search",
    "function",
}


def check_allowed_tool_type(value: str) -> AllowedToolType:
    if value in ALLOWED_TOOL_TYPE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {ALLOWED_TOOL_TYPE_VALUES!r}"
    )
