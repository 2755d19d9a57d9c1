from typing import Literal

ListWebhookEndpointsOrder = Literal["asc", "desc"]

LIST_WEBHOOK_ENDPOINTS_ORDER_VALUES: set[ListWebhookEndpointsOrder] = {
    "asc",
    "desc",
}


def check_list_webhook_endpoints_order(value: str) -> ListWebhookEndpointsOrder:
    if value in LIST_WEBHOOK_ENDPOINTS_ORDER_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {LIST_WEBHOOK_ENDPOINTS_ORDER_VALUES!r}"
    )
