from typing import Literal

RetrievalOptionsSearchMode = Literal["hybrid", "keyword", "vector"]

RETRIEVAL_OPTIONS_SEARCH_MODE_VALUES: set[RetrievalOptionsSearchMode] = {
    "hybrid",
    "keyword",
    "vector",
}


def check_retrieval_options_search_mode(value: str) -> RetrievalOptionsSearchMode:
    if value in RETRIEVAL_OPTIONS_SEARCH_MODE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {RETRIEVAL_OPTIONS_SEARCH_MODE_VALUES!r}"
    )
