from typing import Literal

RetrievalOptionsOnEmpty = Literal["abstain", "answer"]

RETRIEVAL_OPTIONS_ON_EMPTY_VALUES: set[RetrievalOptionsOnEmpty] = {
    "abstain",
    "answer",
}


def check_retrieval_options_on_empty(value: str) -> RetrievalOptionsOnEmpty:
    if value in RETRIEVAL_OPTIONS_ON_EMPTY_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {RETRIEVAL_OPTIONS_ON_EMPTY_VALUES!r}"
    )
