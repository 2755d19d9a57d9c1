from typing import Literal

RetrievalOptionsQuery = Literal["conversation", "last"]

RETRIEVAL_OPTIONS_QUERY_VALUES: set[RetrievalOptionsQuery] = {
    "conversation",
    "last",
}


def check_retrieval_options_query(value: str) -> RetrievalOptionsQuery:
    if value in RETRIEVAL_OPTIONS_QUERY_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {RETRIEVAL_OPTIONS_QUERY_VALUES!r}"
    )
