from typing import Literal

ListFilesPurposeType0 = Literal[
    "assistants",
    "batch",
    "evals",
    "fine-tune",
    "fine-tune-results",
    "user_data",
    "vision",
]

LIST_FILES_PURPOSE_TYPE_0_VALUES: set[ListFilesPurposeType0] = {
    "assistants",
    "batch",
    "evals",
    "fine-tune",
    "fine-tune-results",
    "user_data",
    "vision",
}


def check_list_files_purpose_type_0(value: str) -> ListFilesPurposeType0:
    if value in LIST_FILES_PURPOSE_TYPE_0_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {LIST_FILES_PURPOSE_TYPE_0_VALUES!r}"
    )
