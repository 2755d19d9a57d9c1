from typing import Literal

StaticChunkingInvalidLines = Literal["reject", "skip"]

STATIC_CHUNKING_INVALID_LINES_VALUES: set[StaticChunkingInvalidLines] = {
    "reject",
    "skip",
}


def check_static_chunking_invalid_lines(value: str) -> StaticChunkingInvalidLines:
    if value in STATIC_CHUNKING_INVALID_LINES_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {STATIC_CHUNKING_INVALID_LINES_VALUES!r}"
    )
