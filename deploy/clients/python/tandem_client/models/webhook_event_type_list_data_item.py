from typing import Literal

WebhookEventTypeListDataItem = Literal[
    "eval.run.canceled",
    "eval.run.failed",
    "eval.run.succeeded",
    "fine_tuning.job.cancelled",
    "fine_tuning.job.failed",
    "fine_tuning.job.succeeded",
]

WEBHOOK_EVENT_TYPE_LIST_DATA_ITEM_VALUES: set[WebhookEventTypeListDataItem] = {
    "eval.run.canceled",
    "eval.run.failed",
    "eval.run.succeeded",
    "fine_tuning.job.cancelled",
    "fine_tuning.job.failed",
    "fine_tuning.job.succeeded",
}


def check_webhook_event_type_list_data_item(value: str) -> WebhookEventTypeListDataItem:
    if value in WEBHOOK_EVENT_TYPE_LIST_DATA_ITEM_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {WEBHOOK_EVENT_TYPE_LIST_DATA_ITEM_VALUES!r}"
    )
