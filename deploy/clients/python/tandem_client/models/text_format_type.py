from typing import Literal

TextFormatType = Literal["json_object", "json_schema", "text"]

TEXT_FORMAT_TYPE_VALUES: set[TextFormatType] = {
    "json_object",
    "json_schema",
    "text",
}


def check_text_format_type(value: str) -> TextFormatType:
    if value in TEXT_FORMAT_TYPE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {TEXT_FORMAT_TYPE_VALUES!r}"
    )
