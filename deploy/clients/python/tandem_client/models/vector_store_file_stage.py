from typing import Literal

VectorStoreFileStage = Literal[
    "cancelled",
    "chunking",
    "completed",
    "embedding",
    "failed",
    "indexing",
    "parsing",
    "queued",
]

VECTOR_STORE_FILE_STAGE_VALUES: set[VectorStoreFileStage] = {
    "cancelled",
    "chunking",
    "completed",
    "embedding",
    "failed",
    "indexing",
    "parsing",
    "queued",
}


def check_vector_store_file_stage(value: str) -> VectorStoreFileStage:
    if value in VECTOR_STORE_FILE_STAGE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {VECTOR_STORE_FILE_STAGE_VALUES!r}"
    )
