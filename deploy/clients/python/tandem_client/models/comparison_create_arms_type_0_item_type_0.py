from typing import Literal

ComparisonCreateArmsType0ItemType0 = Literal[
    "base", "both", "fine_tuned", "prompted", "rag"
]

COMPARISON_CREATE_ARMS_TYPE_0_ITEM_TYPE_0_VALUES: set[
    ComparisonCreateArmsType0ItemType0
] = {
    "base",
    "both",
    "fine_tuned",
    "prompted",
    "rag",
}


def check_comparison_create_arms_type_0_item_type_0(
    value: str,
) -> ComparisonCreateArmsType0ItemType0:
    if value in COMPARISON_CREATE_ARMS_TYPE_0_ITEM_TYPE_0_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {COMPARISON_CREATE_ARMS_TYPE_0_ITEM_TYPE_0_VALUES!r}"
    )
