from typing import Literal

ListEvalOutputItemsStatus = Literal["error", "fail", "pass"]

LIST_EVAL_OUTPUT_ITEMS_STATUS_VALUES: set[ListEvalOutputItemsStatus] = {
    "error",
    "fail",
    "pass",
}


def check_list_eval_output_items_status(value: str) -> ListEvalOutputItemsStatus:
    if value in LIST_EVAL_OUTPUT_ITEMS_STATUS_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {LIST_EVAL_OUTPUT_ITEMS_STATUS_VALUES!r}"
    )
