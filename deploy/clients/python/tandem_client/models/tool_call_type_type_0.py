from typing import Literal

ToolCallTypeType0 = Literal["function"]

TOOL_CALL_TYPE_TYPE_0_VALUES: set[ToolCallTypeType0] = {
    "function",
}


def check_tool_call_type_type_0(value: str) -> ToolCallTypeType0:
    if value in TOOL_CALL_TYPE_TYPE_0_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {TOOL_CALL_TYPE_TYPE_0_VALUES!r}"
    )
