from typing import Literal

LastErrorCode = Literal["invalid_file", "server_error", "unsupported_file"]

LAST_ERROR_CODE_VALUES: set[LastErrorCode] = {
    "invalid_file",
    "server_error",
    "unsupported_file",
}


def check_last_error_code(value: str) -> LastErrorCode:
    if value in LAST_ERROR_CODE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {LAST_ERROR_CODE_VALUES!r}"
    )
