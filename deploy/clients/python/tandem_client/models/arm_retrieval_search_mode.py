from typing import Literal

ArmRetrievalSearchMode = Literal["hybrid", "keyword", "vector"]

ARM_RETRIEVAL_SEARCH_MODE_VALUES: set[ArmRetrievalSearchMode] = {
    "hybrid",
    "keyword",
    "vector",
}


def check_arm_retrieval_search_mode(value: str) -> ArmRetrievalSearchMode:
    if value in ARM_RETRIEVAL_SEARCH_MODE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {ARM_RETRIEVAL_SEARCH_MODE_VALUES!r}"
    )
