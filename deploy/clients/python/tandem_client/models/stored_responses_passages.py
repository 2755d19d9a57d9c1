from typing import Literal

StoredResponsesPassages = Literal["drop", "keep"]

STORED_RESPONSES_PASSAGES_VALUES: set[StoredResponsesPassages] = {
    "drop",
    "keep",
}


def check_stored_responses_passages(value: str) -> StoredResponsesPassages:
    if value in STORED_RESPONSES_PASSAGES_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {STORED_RESPONSES_PASSAGES_VALUES!r}"
    )
