from typing import Literal

RetrievalOptionsOrder = Literal["document", "relevance", "reverse"]

RETRIEVAL_OPTIONS_ORDER_VALUES: set[RetrievalOptionsOrder] = {
    "document",
    "relevance",
    "reverse",
}


def check_retrieval_options_order(value: str) -> RetrievalOptionsOrder:
    if value in RETRIEVAL_OPTIONS_ORDER_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {RETRIEVAL_OPTIONS_ORDER_VALUES!r}"
    )
