from typing import Literal

WebhookEndpointUpdateEventTypesType0Item = Literal[
    "eval.run.canceled",
    "eval.run.failed",
    "eval.run.succeeded",
    "fine_tuning.job.cancelled",
    "fine_tuning.job.failed",
    "fine_tuning.job.succeeded",
]

WEBHOOK_ENDPOINT_UPDATE_EVENT_TYPES_TYPE_0_ITEM_VALUES: set[
    WebhookEndpointUpdateEventTypesType0Item
] = {
    "eval.run.canceled",
    "eval.run.failed",
    "eval.run.succeeded",
    "fine_tuning.job.cancelled",
    "fine_tuning.job.failed",
    "fine_tuning.job.succeeded",
}


def check_webhook_endpoint_update_event_types_type_0_item(
    value: str,
) -> WebhookEndpointUpdateEventTypesType0Item:
    if value in WEBHOOK_ENDPOINT_UPDATE_EVENT_TYPES_TYPE_0_ITEM_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {WEBHOOK_ENDPOINT_UPDATE_EVENT_TYPES_TYPE_0_ITEM_VALUES!r}"
    )
