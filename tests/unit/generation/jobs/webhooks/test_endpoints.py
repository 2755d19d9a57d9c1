from services.generation.contracts.webhooks import WebhookEndpointCreate
from services.generation.jobs.webhooks.endpoints import WebhookEndpoints
from shared.contracts.paging import PageRequest
from shared.records.database import Database


def test_endpoints_of_the_same_second_are_listed_newest_first(outbox_database: Database) -> None:
    endpoints = WebhookEndpoints(outbox_database, allows_private=False, clock=lambda: 7.0)
    request = WebhookEndpointCreate.model_validate({"name": "a", "url": "https://example.com", "event_types": ["fine_tuning.job.failed"]})
    ids = [endpoints.create("green", request).id for _ in range(12)]
    assert [row.id for row in endpoints.list_endpoints("green", PageRequest(20)).rows] == ids[::-1]
