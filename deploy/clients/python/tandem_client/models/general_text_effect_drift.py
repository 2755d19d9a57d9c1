from typing import Literal

GeneralTextEffectDrift = Literal["none", "slight", "strong"]

GENERAL_TEXT_EFFECT_DRIFT_VALUES: set[GeneralTextEffectDrift] = {
    "none",
    "slight",
    "strong",
}


def check_general_text_effect_drift(value: str) -> GeneralTextEffectDrift:
    if value in GENERAL_TEXT_EFFECT_DRIFT_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {GENERAL_TEXT_EFFECT_DRIFT_VALUES!r}"
    )
