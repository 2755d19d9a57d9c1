from typing import Literal

TextConfigVerbosityType0 = Literal["high", "low", "medium"]

TEXT_CONFIG_VERBOSITY_TYPE_0_VALUES: set[TextConfigVerbosityType0] = {
    "high",
    "low",
    "medium",
}


def check_text_config_verbosity_type_0(value: str) -> TextConfigVerbosityType0:
    if value in TEXT_CONFIG_VERBOSITY_TYPE_0_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {TEXT_CONFIG_VERBOSITY_TYPE_0_VALUES!r}"
    )
