from typing import Literal

SemanticChunkingInvalidLines = Literal["reject", "skip"]

SEMANTIC_CHUNKING_INVALID_LINES_VALUES: set[SemanticChunkingInvalidLines] = {
    "reject",
    "skip",
}


def check_semantic_chunking_invalid_lines(value: str) -> SemanticChunkingInvalidLines:
    if value in SEMANTIC_CHUNKING_INVALID_LINES_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {SEMANTIC_CHUNKING_INVALID_LINES_VALUES!r}"
    )
