"""Webhook endpoints and their tests, in OpenAI's shapes."""

from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BaseModel, Field

from shared.contracts.wire import Request

EventType = Literal[
    "fine_tuning.job.succeeded",
    "fine_tuning.job.failed",
    "fine_tuning.job.cancelled",
    "eval.run.succeeded",
    "eval.run.failed",
    "eval.run.canceled",
]
EVENT_TYPES: tuple[EventType, ...] = get_args(EventType)


def _drop_repeated(types: list[EventType]) -> list[EventType]:
    return list(dict.fromkeys(types))


EventTypes = Annotated[list[EventType], Field(min_length=1, max_length=100), AfterValidator(_drop_repeated)]
Name = Annotated[str, Field(min_length=1, max_length=256)]
Url = Annotated[str, Field(min_length=1, max_length=2048)]


class WebhookEndpointCreate(Request):
    """Body of `POST /v1/webhook_endpoints`."""

    event_types: EventTypes
    name: Name
    url: Url = Field(description="Must begin with `https://` and have a public host, unless the server's settings allow others.")


class WebhookEndpointUpdate(Request):
    """Body of `POST /v1/webhook_endpoints/{webhook_endpoint_id}`. What is missing does not change."""

    event_types: EventTypes | None = None
    name: Name | None = None
    url: Url | None = None


class WebhookSecretRotate(Request):
    """Body of `POST /v1/webhook_endpoints/{webhook_endpoint_id}/rotate_secret`."""

    keep_old_secret_active_for_24_hours: bool = False


class WebhookTest(Request):
    """Body of `POST /v1/webhook_endpoints/{webhook_endpoint_id}/test`."""

    event_type: EventType


class WebhookEndpoint(BaseModel):
    """An endpoint that events are sent to. `updated_at` is when it or its secret last changed."""

    id: str
    object: Literal["webhook_endpoint"] = "webhook_endpoint"
    created_at: int
    event_types: list[str]
    name: str
    signing_secret_hint: str
    updated_at: int
    url: str


class WebhookEndpointWithSecret(WebhookEndpoint):
    """An endpoint with its secret, which is shown only once: when the endpoint is created, or its secret is rotated."""

    signing_secret: str


class WebhookTestResult(BaseModel):
    """The response of an endpoint to a sample event. `success` says that there was one; `status_code` says which."""

    object: Literal["webhook_endpoint.test"] = "webhook_endpoint.test"
    event_type: str
    status_code: int
    success: Literal[True] = True
    webhook_endpoint_id: str


class WebhookEventTypeList(BaseModel):
    """The types of events that are sent."""

    object: Literal["list"] = "list"
    data: list[EventType]
