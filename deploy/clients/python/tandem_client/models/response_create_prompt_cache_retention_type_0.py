from typing import Literal

ResponseCreatePromptCacheRetentionType0 = Literal["24h", "in-memory", "in_memory"]

RESPONSE_CREATE_PROMPT_CACHE_RETENTION_TYPE_0_VALUES: set[
    ResponseCreatePromptCacheRetentionType0
] = {
    "24h",
    "in-memory",
    "in_memory",
}


def check_response_create_prompt_cache_retention_type_0(
    value: str,
) -> ResponseCreatePromptCacheRetentionType0:
    if value in RESPONSE_CREATE_PROMPT_CACHE_RETENTION_TYPE_0_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {RESPONSE_CREATE_PROMPT_CACHE_RETENTION_TYPE_0_VALUES!r}"
    )
