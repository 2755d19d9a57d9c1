from typing import Literal

ParentChildChunkingInvalidLines = Literal["reject", "skip"]

PARENT_CHILD_CHUNKING_INVALID_LINES_VALUES: set[ParentChildChunkingInvalidLines] = {
    "reject",
    "skip",
}


def check_parent_child_chunking_invalid_lines(
    value: str,
) -> ParentChildChunkingInvalidLines:
    if value in PARENT_CHILD_CHUNKING_INVALID_LINES_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {PARENT_CHILD_CHUNKING_INVALID_LINES_VALUES!r}"
    )
