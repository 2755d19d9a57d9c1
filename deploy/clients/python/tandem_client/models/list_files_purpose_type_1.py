from typing import Literal

ListFilesPurposeType1 = Literal["assistants_output", "batch_output"]

LIST_FILES_PURPOSE_TYPE_1_VALUES: set[ListFilesPurposeType1] = {
    "assistants_output",
    "batch_output",
}


def check_list_files_purpose_type_1(value: str) -> ListFilesPurposeType1:
    if value in LIST_FILES_PURPOSE_TYPE_1_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {LIST_FILES_PURPOSE_TYPE_1_VALUES!r}"
    )
