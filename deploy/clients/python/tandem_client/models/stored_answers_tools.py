from typing import Literal

StoredAnswersTools = Literal["keep", "skip"]

STORED_ANSWERS_TOOLS_VALUES: set[StoredAnswersTools] = {
    "keep",
    "skip",
}


def check_stored_answers_tools(value: str) -> StoredAnswersTools:
    if value in STORED_ANSWERS_TOOLS_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {STORED_ANSWERS_TOOLS_VALUES!r}"
    )
