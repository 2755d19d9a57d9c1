from typing import Literal

TextConfigOutputVerbosityType0 = Literal["high", "low", "medium"]

TEXT_CONFIG_OUTPUT_VERBOSITY_TYPE_0_VALUES: set[TextConfigOutputVerbosityType0] = {
    "high",
    "low",
    "medium",
}


def check_text_config_output_verbosity_type_0(
    value: str,
) -> TextConfigOutputVerbosityType0:
    if value in TEXT_CONFIG_OUTPUT_VERBOSITY_TYPE_0_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {TEXT_CONFIG_OUTPUT_VERBOSITY_TYPE_0_VALUES!r}"
    )
