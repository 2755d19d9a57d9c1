from typing import Literal

ResponsesReasoningEffortType0 = Literal[
    "high", "low", "max", "medium", "minimal", "none", "xhigh"
]

RESPONSES_REASONING_EFFORT_TYPE_0_VALUES: set[ResponsesReasoningEffortType0] = {
    "high",
    "low",
    "max",
    "medium",
    "minimal",
    "none",
    "xhigh",
}


def check_responses_reasoning_effort_type_0(
    value: str,
) -> ResponsesReasoningEffortType0:
    if value in RESPONSES_REASONING_EFFORT_TYPE_0_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {RESPONSES_REASONING_EFFORT_TYPE_0_VALUES!r}"
    )
