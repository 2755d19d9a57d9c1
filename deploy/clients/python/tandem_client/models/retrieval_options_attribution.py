from typing import Literal

RetrievalOptionsAttribution = Literal["embeddings", "none", "words"]

RETRIEVAL_OPTIONS_ATTRIBUTION_VALUES: set[RetrievalOptionsAttribution] = {
    "embeddings",
    "none",
    "words",
}


def check_retrieval_options_attribution(value: str) -> RetrievalOptionsAttribution:
    if value in RETRIEVAL_OPTIONS_ATTRIBUTION_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {RETRIEVAL_OPTIONS_ATTRIBUTION_VALUES!r}"
    )
