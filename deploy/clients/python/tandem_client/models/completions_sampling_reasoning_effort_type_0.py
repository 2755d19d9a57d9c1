from typing import Literal

CompletionsSamplingReasoningEffortType0 = Literal[
    "high", "low", "max", "medium", "minimal", "none", "xhigh"
]

COMPLETIONS_SAMPLING_REASONING_EFFORT_TYPE_0_VALUES: set[
    CompletionsSamplingReasoningEffortType0
] = {
    "high",
    "low",
    "max",
    "medium",
    "minimal",
    "none",
    "xhigh",
}


def check_completions_sampling_reasoning_effort_type_0(
    value: str,
) -> CompletionsSamplingReasoningEffortType0:
    if value in COMPLETIONS_SAMPLING_REASONING_EFFORT_TYPE_0_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {COMPLETIONS_SAMPLING_REASONING_EFFORT_TYPE_0_VALUES!r}"
    )
