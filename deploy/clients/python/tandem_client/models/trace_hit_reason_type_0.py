from typing import Literal

TraceHitReasonType0 = Literal["max_context_tokens", "window"]

TRACE_HIT_REASON_TYPE_0_VALUES: set[TraceHitReasonType0] = {
    "max_context_tokens",
    "window",
}


def check_trace_hit_reason_type_0(value: str) -> TraceHitReasonType0:
    if value in TRACE_HIT_REASON_TYPE_0_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {TRACE_HIT_REASON_TYPE_0_VALUES!r}"
    )
