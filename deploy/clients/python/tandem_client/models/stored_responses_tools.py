from typing import Literal

StoredResponsesTools = Literal["keep", "skip"]

STORED_RESPONSES_TOOLS_VALUES: set[StoredResponsesTools] = {
    "keep",
    "skip",
}


def check_stored_responses_tools(value: str) -> StoredResponsesTools:
    if value in STORED_RESPONSES_TOOLS_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {STORED_RESPONSES_TOOLS_VALUES!r}"
    )
