from typing import Literal

StoredAnswersPassages = Literal["drop", "keep"]

STORED_ANSWERS_PASSAGES_VALUES: set[StoredAnswersPassages] = {
    "drop",
    "keep",
}


def check_stored_answers_passages(value: str) -> StoredAnswersPassages:
    if value in STORED_ANSWERS_PASSAGES_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {STORED_ANSWERS_PASSAGES_VALUES!r}"
    )
