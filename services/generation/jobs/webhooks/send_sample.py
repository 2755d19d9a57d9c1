"""Sends a sample event to an endpoint at once, so that its owner can try it. A sample is not stored and not sent again."""

import time

from services.generation.contracts.webhooks import EventType, WebhookTestResult
from services.generation.jobs.webhooks.endpoints import PATH_PARAMETER
from services.generation.jobs.webhooks.outbox import signing_secrets
from services.generation.jobs.webhooks.post import PostFailed, WebhookPoster
from shared.errors import InvalidRequest
from shared.ids import new_id
from shared.records.webhooks import WebhookEndpoint, new_event

SAMPLES = {"fine_tuning": "ftjob-sample", "eval": "evalrun_sample"}  # ids by the first word of the type


async def send_sample(endpoint: WebhookEndpoint, event_type: EventType, poster: WebhookPoster) -> WebhookTestResult:
    """Post an event about a job that does not exist, and return the status of the response, whatever it is.

    Raises:
        InvalidRequest: if there was no response.
    """
    now = time.time()
    event = new_event(event_type, SAMPLES[event_type.partition(".")[0]], int(now))
    try:
        status = await poster.post(endpoint.url, signing_secrets(endpoint, now), new_id("wh_"), event)
    except PostFailed as error:
        problem = f"The test of the webhook endpoint '{endpoint.id}' failed. {error}"
        raise InvalidRequest(problem, param=PATH_PARAMETER, code="webhook_test_failed") from error
    return WebhookTestResult(event_type=event_type, status_code=status, webhook_endpoint_id=endpoint.id)
