from typing import Literal

ResponsesSamplingReasoningEffortType0 = Literal[
    "high", "low", "max", "medium", "minimal", "none", "xhigh"
]

RESPONSES_SAMPLING_REASONING_EFFORT_TYPE_0_VALUES: set[
    ResponsesSamplingReasoningEffortType0
] = {
    "high",
    "low",
    "max",
    "medium",
    "minimal",
    "none",
    "xhigh",
}


def check_responses_sampling_reasoning_effort_type_0(
    value: str,
) -> ResponsesSamplingReasoningEffortType0:
    if value in RESPONSES_SAMPLING_REASONING_EFFORT_TYPE_0_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {RESPONSES_SAMPLING_REASONING_EFFORT_TYPE_0_VALUES!r}"
    )
