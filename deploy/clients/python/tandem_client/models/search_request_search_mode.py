from typing import Literal

SearchRequestSearchMode = Literal["hybrid", "keyword", "vector"]

SEARCH_REQUEST_SEARCH_MODE_VALUES: set[SearchRequestSearchMode] = {
    "hybrid",
    "keyword",
    "vector",
}


def check_search_request_search_mode(value: str) -> SearchRequestSearchMode:
    if value in SEARCH_REQUEST_SEARCH_MODE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {SEARCH_REQUEST_SEARCH_MODE_VALUES!r}"
    )
