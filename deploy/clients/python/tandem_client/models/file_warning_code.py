from typing import Literal

FileWarningCode = Literal[
    "changed",
    "converted",
    "duplicates",
    "long_examples",
    "near_duplicates",
    "not_compared",
    "overlap",
    "secrets",
    "tokens_not_counted",
    "turns",
    "unused_fields",
]

FILE_WARNING_CODE_VALUES: set[FileWarningCode] = {
    "changed",
    "converted",
    "duplicates",
    "long_examples",
    "near_duplicates",
    "not_compared",
    "overlap",
    "secrets",
    "tokens_not_counted",
    "turns",
    "unused_fields",
}


def check_file_warning_code(value: str) -> FileWarningCode:
    if value in FILE_WARNING_CODE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {FILE_WARNING_CODE_VALUES!r}"
    )
