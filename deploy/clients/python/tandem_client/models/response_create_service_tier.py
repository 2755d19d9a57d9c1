from typing import Literal

ResponseCreateServiceTier = Literal["auto", "default"]

RESPONSE_CREATE_SERVICE_TIER_VALUES: set[ResponseCreateServiceTier] = {
    "auto",
    "default",
}


def check_response_create_service_tier(value: str) -> ResponseCreateServiceTier:
    if value in RESPONSE_CREATE_SERVICE_TIER_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {RESPONSE_CREATE_SERVICE_TIER_VALUES!r}"
    )
