from typing import Literal

ListEvalOutputItemsOrder = Literal["asc", "desc"]

LIST_EVAL_OUTPUT_ITEMS_ORDER_VALUES: set[ListEvalOutputItemsOrder] = {
    "asc",
    "desc",
}


def check_list_eval_output_items_order(value: str) -> ListEvalOutputItemsOrder:
    if value in LIST_EVAL_OUTPUT_ITEMS_ORDER_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {LIST_EVAL_OUTPUT_ITEMS_ORDER_VALUES!r}"
    )
