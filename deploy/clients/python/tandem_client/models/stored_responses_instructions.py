from typing import Literal

StoredResponsesInstructions = Literal["drop", "keep"]

STORED_RESPONSES_INSTRUCTIONS_VALUES: set[StoredResponsesInstructions] = {
    "drop",
    "keep",
}


def check_stored_responses_instructions(value: str) -> StoredResponsesInstructions:
    if value in STORED_RESPONSES_INSTRUCTIONS_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {STORED_RESPONSES_INSTRUCTIONS_VALUES!r}"
    )
