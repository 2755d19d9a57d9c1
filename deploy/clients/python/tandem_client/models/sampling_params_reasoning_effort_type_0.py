from typing import Literal

SamplingParamsReasoningEffortType0 = Literal[
    "high", "low", "max", "medium", "minimal", "none", "xhigh"
]

SAMPLING_PARAMS_REASONING_EFFORT_TYPE_0_VALUES: set[
    SamplingParamsReasoningEffortType0
] = {
    "high",
    "low",
    "max",
    "medium",
    "minimal",
    "none",
    "xhigh",
}


def check_sampling_params_reasoning_effort_type_0(
    value: str,
) -> SamplingParamsReasoningEffortType0:
    if value in SAMPLING_PARAMS_REASONING_EFFORT_TYPE_0_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {SAMPLING_PARAMS_REASONING_EFFORT_TYPE_0_VALUES!r}"
    )
