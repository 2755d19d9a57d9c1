"""`/v1/webhook_endpoints` and `/v1/webhook_event_types`: where a project's events are sent."""

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool

from services.generation.contracts.webhooks import (
    EVENT_TYPES,
    WebhookEndpoint,
    WebhookEndpointCreate,
    WebhookEndpointUpdate,
    WebhookEndpointWithSecret,
    WebhookEventTypeList,
    WebhookSecretRotate,
    WebhookTest,
    WebhookTestResult,
)
from services.generation.dependencies import PageRequestDep, ProjectDep, WebhooksDep
from services.generation.jobs.webhooks.endpoints import describe, describe_with_secret
from services.generation.jobs.webhooks.send_sample import send_sample
from shared.contracts.paging import Page
from shared.contracts.wire import DeleteResponse
from shared.web.json_route import JsonRoute

router = APIRouter(prefix="/v1", tags=["webhooks"], route_class=JsonRoute)


@router.get("/webhook_event_types")
async def list_webhook_event_types(_: ProjectDep) -> WebhookEventTypeList:
    """List the types of events that are sent."""
    return WebhookEventTypeList(data=list(EVENT_TYPES))


@router.post("/webhook_endpoints")
def create_webhook_endpoint(body: WebhookEndpointCreate, project: ProjectDep, webhooks: WebhooksDep) -> WebhookEndpointWithSecret:
    """Create a webhook endpoint. Its secret is in this response only."""
    return describe_with_secret(webhooks.endpoints.create(project, body))


@router.get("/webhook_endpoints")
def list_webhook_endpoints(project: ProjectDep, webhooks: WebhooksDep, page: PageRequestDep) -> Page[WebhookEndpoint]:
    """List the project's webhook endpoints, newest first."""
    page_slice = webhooks.endpoints.list_endpoints(project, page)
    return Page[WebhookEndpoint].of([describe(row) for row in page_slice.rows], page_slice.has_more)


@router.get("/webhook_endpoints/{webhook_endpoint_id}")
def retrieve_webhook_endpoint(webhook_endpoint_id: str, project: ProjectDep, webhooks: WebhooksDep) -> WebhookEndpoint:
    """Retrieve a webhook endpoint."""
    return describe(webhooks.endpoints.find(project, webhook_endpoint_id))


@router.post("/webhook_endpoints/{webhook_endpoint_id}")
def update_webhook_endpoint(
    webhook_endpoint_id: str, body: WebhookEndpointUpdate, project: ProjectDep, webhooks: WebhooksDep
) -> WebhookEndpoint:
    """Change the name, the URL or the event types of a webhook endpoint."""
    return describe(webhooks.endpoints.update(project, webhook_endpoint_id, body))


@router.delete("/webhook_endpoints/{webhook_endpoint_id}")
def delete_webhook_endpoint(webhook_endpoint_id: str, project: ProjectDep, webhooks: WebhooksDep) -> DeleteResponse:
    """Delete a webhook endpoint, and the events that wait to be sent to it."""
    webhooks.endpoints.delete(project, webhook_endpoint_id)
    return DeleteResponse(id=webhook_endpoint_id, object="webhook_endpoint.deleted")


@router.post("/webhook_endpoints/{webhook_endpoint_id}/rotate_secret")
def rotate_webhook_secret(
    webhook_endpoint_id: str, body: WebhookSecretRotate, project: ProjectDep, webhooks: WebhooksDep
) -> WebhookEndpointWithSecret:
    """Give a webhook endpoint a new secret, which is in this response only."""
    keeps_old = body.keep_old_secret_active_for_24_hours
    return describe_with_secret(webhooks.endpoints.rotate_secret(project, webhook_endpoint_id, keeps_old))


@router.post("/webhook_endpoints/{webhook_endpoint_id}/test")
async def test_webhook_endpoint(
    webhook_endpoint_id: str, body: WebhookTest, project: ProjectDep, webhooks: WebhooksDep
) -> WebhookTestResult:
    """Send a sample event to a webhook endpoint, and return the status of its response."""
    endpoint = await run_in_threadpool(webhooks.endpoints.find, project, webhook_endpoint_id)
    return await send_sample(endpoint, body.event_type, webhooks.poster)
