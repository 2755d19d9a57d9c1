from typing import Literal

StoredAnswersInstructions = Literal["drop", "keep"]

STORED_ANSWERS_INSTRUCTIONS_VALUES: set[StoredAnswersInstructions] = {
    "drop",
    "keep",
}


def check_stored_answers_instructions(value: str) -> StoredAnswersInstructions:
    if value in STORED_ANSWERS_INSTRUCTIONS_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {STORED_ANSWERS_INSTRUCTIONS_VALUES!r}"
    )
