from typing import Literal

StoredMessageRole = Literal["assistant", "developer", "system", "tool", "user"]

STORED_MESSAGE_ROLE_VALUES: set[StoredMessageRole] = {
    "assistant",
    "developer",
    "system",
    "tool",
    "user",
}


def check_stored_message_role(value: str) -> StoredMessageRole:
    if value in STORED_MESSAGE_ROLE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {STORED_MESSAGE_ROLE_VALUES!r}"
    )
