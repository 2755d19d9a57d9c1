from typing import Literal

WebhookTestEventType = Literal[
    "eval.run.canceled",
    "eval.run.failed",
    "eval.run.succeeded",
    "fine_tuning.job.cancelled",
    "fine_tuning.job.failed",
    "fine_tuning.job.succeeded",
]

WEBHOOK_TEST_EVENT_TYPE_VALUES: set[WebhookTestEventType] = {
    "eval.run.canceled",
    "eval.run.failed",
    "eval.run.succeeded",
    "fine_tuning.job.cancelled",
    "fine_tuning.job.failed",
    "fine_tuning.job.succeeded",
}


def check_webhook_test_event_type(value: str) -> WebhookTestEventType:
    if value in WEBHOOK_TEST_EVENT_TYPE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {WEBHOOK_TEST_EVENT_TYPE_VALUES!r}"
    )
