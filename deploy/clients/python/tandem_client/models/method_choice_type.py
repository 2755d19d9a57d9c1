from typing import Literal

MethodChoiceType = Literal["dpo", "supervised"]

METHOD_CHOICE_TYPE_VALUES: set[MethodChoiceType] = {
    "dpo",
    "supervised",
}


def check_method_choice_type(value: str) -> MethodChoiceType:
    if value in METHOD_CHOICE_TYPE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {METHOD_CHOICE_TYPE_VALUES!r}"
    )
