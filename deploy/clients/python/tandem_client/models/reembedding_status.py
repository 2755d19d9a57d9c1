from typing import Literal

ReembeddingStatus = Literal[
    "cancelled", "completed", "confirmed", "failed", "in_progress", "rolled_back"
]

REEMBEDDING_STATUS_VALUES: set[ReembeddingStatus] = {
    "cancelled",
    "completed",
    "confirmed",
    "failed",
    "in_progress",
    "rolled_back",
}


def check_reembedding_status(value: str) -> ReembeddingStatus:
    if value in REEMBEDDING_STATUS_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {REEMBEDDING_STATUS_VALUES!r}"
    )
