from typing import Literal

ChunkSizesInvalidLines = Literal["reject", "skip"]

CHUNK_SIZES_INVALID_LINES_VALUES: set[ChunkSizesInvalidLines] = {
    "reject",
    "skip",
}


def check_chunk_sizes_invalid_lines(value: str) -> ChunkSizesInvalidLines:
    if value in CHUNK_SIZES_INVALID_LINES_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {CHUNK_SIZES_INVALID_LINES_VALUES!r}"
    )
