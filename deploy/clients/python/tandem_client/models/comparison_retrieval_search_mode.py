from typing import Literal

ComparisonRetrievalSearchMode = Literal["hybrid", "keyword", "vector"]

COMPARISON_RETRIEVAL_SEARCH_MODE_VALUES: set[ComparisonRetrievalSearchMode] = {
    "hybrid",
    "keyword",
    "vector",
}


def check_comparison_retrieval_search_mode(value: str) -> ComparisonRetrievalSearchMode:
    if value in COMPARISON_RETRIEVAL_SEARCH_MODE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {COMPARISON_RETRIEVAL_SEARCH_MODE_VALUES!r}"
    )
