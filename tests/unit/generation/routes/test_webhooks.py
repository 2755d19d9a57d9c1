"""Webhook endpoints through the stock SDK, with a server that receives."""

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openai import BadRequestError, InvalidWebhookSignatureError, NotFoundError, OpenAI
from openai.resources.webhooks import Webhooks
from openai.types.webhooks import (
    EvalRunCanceledWebhookEvent,
    EvalRunFailedWebhookEvent,
    EvalRunSucceededWebhookEvent,
    FineTuningJobCancelledWebhookEvent,
    FineTuningJobSucceededWebhookEvent,
)

from services.generation.contracts.webhooks import EVENT_TYPES
from services.generation.jobs.webhooks import endpoints
from shared.records import jobs
from shared.records.database import Database
from shared.settings import JobSettings
from tests.fake_retrieval import FakeRetrieval
from tests.serving import wait_until
from tests.unit.generation.conftest import FrontDoor
from tests.unit.generation.jobs.webhooks.rows import deliveries, end_job
from tests.webhook_receiver import WebhookReceiver, receiving

SUCCEEDED, FAILED, CANCELLED = EVENT_TYPES[:3]
KEYS = {"keys": "red:red-key-1,blue:blue-key-1", "worker_key": "worker-key"}
LINE = b'{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}\n'
HOOKS = "https://example.com/hooks"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("webhooks")


@pytest.fixture(scope="module")
def door(open_front_door: FrontDoor, folder: Path) -> Iterator[str]:
    """A front door with the projects red and blue, which may send to loopback."""
    with open_front_door(common=KEYS, data=folder, webhook_private_addresses=True, webhook_check_seconds=0.02) as url:
        yield url


@pytest.fixture(scope="module")
def records(door: str, folder: Path) -> Iterator[Database]:
    database = Database(JobSettings(data=folder).jobs_url)
    yield database
    database.close()


@pytest.fixture
def red(door: str) -> Iterator[OpenAI]:
    with OpenAI(base_url=f"{door}/v1", api_key="red-key-1", max_retries=0, timeout=20) as client:
        yield client
        for endpoint in client.webhooks.list():
            client.webhooks.delete(endpoint.id)


@pytest.fixture
def blue(door: str) -> Iterator[OpenAI]:
    with OpenAI(base_url=f"{door}/v1", api_key="blue-key-1", max_retries=0, timeout=20) as client:
        yield client
        for endpoint in client.webhooks.list():
            client.webhooks.delete(endpoint.id)


@pytest.fixture
def receiver() -> Iterator[WebhookReceiver]:
    with receiving() as receiver:
        yield receiver


def create(client: OpenAI, url: str = HOOKS, **fields: Any) -> Any:
    return client.webhooks.create(**{"name": "Hooks", "url": url, "event_types": [SUCCEEDED], **fields})


def test_every_method_of_the_sdk_is_served(red: OpenAI, receiver: WebhookReceiver) -> None:
    created = create(red, receiver.url, name="Büro", event_types=[SUCCEEDED, FAILED, SUCCEEDED])
    assert created.signing_secret.startswith("whsec_")
    assert created.signing_secret_hint == f"whsec_...{created.signing_secret[-4:]}"
    assert (created.object, created.name, created.url, created.event_types) == (
        "webhook_endpoint",
        "Büro",
        receiver.url,
        [SUCCEEDED, FAILED],
    )
    retrieved = red.webhooks.retrieve(created.id)
    assert retrieved.model_dump() == created.model_dump(exclude={"signing_secret"})
    updated = red.webhooks.update(created.id, name="Office", event_types=[CANCELLED])
    assert (updated.name, updated.url, updated.event_types) == ("Office", receiver.url, [CANCELLED])
    second = create(red)
    assert {endpoint.id for endpoint in red.webhooks.list(limit=1)} == {created.id, second.id}
    rotated = red.webhooks.rotate_secret(created.id)
    assert rotated.signing_secret != created.signing_secret
    tested = red.webhooks.test(created.id, event_type=FAILED)
    assert (tested.object, tested.status_code, tested.success, tested.event_type) == ("webhook_endpoint.test", 204, True, FAILED)
    assert receiver.unwrap(0, rotated.signing_secret).type == FAILED
    deleted = red.webhooks.delete(second.id)
    assert (deleted.id, deleted.deleted, deleted.object) == (second.id, True, "webhook_endpoint.deleted")
    assert red.webhooks.event_types.list().data == list(EVENT_TYPES)
    served = {"create", "retrieve", "update", "list", "delete", "rotate_secret", "test"}
    local = {"unwrap", "verify_signature"}
    assert {name for name, _ in inspect.getmembers(Webhooks, inspect.isfunction) if not name.startswith("_")} == served | local


def test_every_type_is_one_that_the_end_of_a_job_can_have() -> None:
    canceled = {"fine_tuning.job": "cancelled", "eval.run": "canceled"}
    ends = {f"{prefix}.{status}" for prefix in jobs.WEBHOOK_EVENTS.values() for status in ("succeeded", "failed", canceled[prefix])}
    assert set(EVENT_TYPES) == ends


def test_a_job_that_succeeds_or_is_canceled_is_sent_and_unwrapped(
    red: OpenAI, records: Database, receiver: WebhookReceiver, retrieval: FakeRetrieval
) -> None:
    secret = create(red, receiver.url, event_types=[SUCCEEDED, CANCELLED]).signing_secret
    succeeded = end_job(records, "red")
    receiver.wait_for(1)
    event = receiver.unwrap(0, secret)
    assert isinstance(event, FineTuningJobSucceededWebhookEvent)
    assert (event.object, event.data.id) == ("event", succeeded)
    canceled = red.fine_tuning.jobs.create(model="tiny", training_file=retrieval.add_file(LINE * 10)).id
    red.fine_tuning.jobs.cancel(canceled)
    receiver.wait_for(2)
    event = receiver.unwrap(1, secret)
    assert isinstance(event, FineTuningJobCancelledWebhookEvent)
    assert event.data.id == canceled
    assert event.created_at == red.fine_tuning.jobs.retrieve(canceled).finished_at


def test_the_end_of_a_run_is_sent_and_unwrapped(red: OpenAI, records: Database, receiver: WebhookReceiver) -> None:
    ends: dict[str, Any] = {
        "succeeded": ("eval.run.succeeded", EvalRunSucceededWebhookEvent),
        "failed": ("eval.run.failed", EvalRunFailedWebhookEvent),
        "cancelled": ("eval.run.canceled", EvalRunCanceledWebhookEvent),
    }
    endpoint = create(red, receiver.url, event_types=[type for type, _ in ends.values()])
    for number, (status, (type, expected)) in enumerate(ends.items()):
        run_id = end_job(records, "red", jobs.EVAL_RUN, status)
        receiver.wait_for(number + 1)
        event = receiver.unwrap(number, endpoint.signing_secret)
        assert isinstance(event, expected)
        assert (event.type, event.data.id) == (type, run_id)
    red.webhooks.test(endpoint.id, event_type="eval.run.canceled")
    assert receiver.unwrap(3, endpoint.signing_secret).data.id == "evalrun_sample"


def test_projects_neither_see_each_others_endpoints_nor_get_each_others_events(
    red: OpenAI, blue: OpenAI, records: Database, receiver: WebhookReceiver
) -> None:
    mine, theirs = create(red, receiver.url), create(blue, f"{receiver.url}/blue")
    assert [endpoint.id for endpoint in blue.webhooks.list()] == [theirs.id]
    for call in (
        lambda: blue.webhooks.retrieve(mine.id),
        lambda: blue.webhooks.update(mine.id, name="Mine"),
        lambda: blue.webhooks.rotate_secret(mine.id),
        lambda: blue.webhooks.test(mine.id, event_type=SUCCEEDED),
        lambda: blue.webhooks.delete(mine.id),
    ):
        with pytest.raises(NotFoundError, match=f"There is no webhook endpoint '{mine.id}'.") as raised:
            call()
        assert raised.value.param == "webhook_endpoint_id"
    with pytest.raises(BadRequestError, match="which is not in this list"):
        blue.webhooks.list(after=mine.id)
    end_job(records, "red")
    receiver.wait_for(1)
    assert [(row.endpoint_id, row.payload["type"]) for row in deliveries(records)] == [(mine.id, SUCCEEDED)]


def test_deleting_an_endpoint_cancels_what_waits_for_it(red: OpenAI, records: Database, receiver: WebhookReceiver) -> None:
    endpoint = create(red, receiver.url)
    receiver.statuses = [500]
    end_job(records, "red")
    wait_until(lambda: [row.problem for row in deliveries(records)] == ["The response had the status 500, not 2xx."])
    red.webhooks.delete(endpoint.id)
    assert deliveries(records) == []
    with pytest.raises(NotFoundError):
        red.webhooks.delete(endpoint.id)


def test_what_waits_goes_to_the_new_url(red: OpenAI, records: Database, receiver: WebhookReceiver) -> None:
    endpoint = create(red, "http://127.0.0.1:1/")
    end_job(records, "red")
    wait_until(lambda: [bool(row.problem) for row in deliveries(records)] == [True])
    red.webhooks.update(endpoint.id, url=receiver.url)
    receiver.wait_for(1)
    receiver.unwrap(0, endpoint.signing_secret)


def test_a_rotated_secret_can_be_kept_for_a_day(red: OpenAI, receiver: WebhookReceiver) -> None:
    first = create(red, receiver.url)
    second = red.webhooks.rotate_secret(first.id, keep_old_secret_active_for_24_hours=True)
    red.webhooks.test(first.id, event_type=SUCCEEDED)
    for secret in (first.signing_secret, second.signing_secret):
        receiver.unwrap(0, secret)
    third = red.webhooks.rotate_secret(first.id)
    red.webhooks.test(first.id, event_type=SUCCEEDED)
    receiver.unwrap(1, third.signing_secret)
    for secret in (first.signing_secret, second.signing_secret):
        with pytest.raises(InvalidWebhookSignatureError):
            receiver.unwrap(1, secret)


def test_a_test_returns_any_status_but_no_response_is_an_error(red: OpenAI, receiver: WebhookReceiver) -> None:
    endpoint = create(red, receiver.url)
    receiver.statuses = [302, 500]
    assert [red.webhooks.test(endpoint.id, event_type=SUCCEEDED).status_code for _ in range(2)] == [302, 500]
    red.webhooks.update(endpoint.id, url="http://127.0.0.1:1/")
    with pytest.raises(BadRequestError, match=f"The test of the webhook endpoint '{endpoint.id}' failed. The connection failed") as raised:
        red.webhooks.test(endpoint.id, event_type=SUCCEEDED)
    assert raised.value.code == "webhook_test_failed"


def test_an_update_that_changes_nothing_is_no_update(red: OpenAI, records: Database) -> None:
    endpoint = create(red)
    with records.session() as session:
        session.get_one(endpoints.Row, endpoint.id).updated_at = 5
    same: dict[str, Any] = {"name": "Hooks", "url": HOOKS, "event_types": [SUCCEEDED]}
    for fields in ({}, same):
        assert red.webhooks.update(endpoint.id, **fields).updated_at == 5
    assert (red.webhooks.update(endpoint.id, name="Other").updated_at or 0) > 5


@pytest.mark.parametrize(
    ("fields", "param", "problem"),
    [
        ({"url": "https://me:secret@example.com"}, "url", "must not contain a user name"),
        ({"url": f"https://example.com/{'a' * 2048}"}, "url", "must have 1 to 2048 characters; got 2068."),
        ({"url": "ftp://example.com"}, "url", "must begin with"),
        ({"name": ""}, "name", "must not be empty"),
        ({"event_types": []}, "event_types", "must not be empty"),
        ({"event_types": ["response.completed"]}, "event_types[0]", "'fine_tuning.job.cancelled'"),
        ({"enabled": True}, "enabled", "enabled"),
    ],
)
def test_a_mistake_is_named(red: OpenAI, fields: dict[str, Any], param: str, problem: str) -> None:
    endpoint = create(red)
    body = {"name": "Hooks", "url": HOOKS, "event_types": [SUCCEEDED], **fields}
    for path in ("/webhook_endpoints", f"/webhook_endpoints/{endpoint.id}"):
        with pytest.raises(BadRequestError) as raised:
            red.post(path, body=body, cast_to=object)
        assert raised.value.param == param
        assert problem in raised.value.message


def test_a_project_has_at_most_a_hundred_endpoints(red: OpenAI, blue: OpenAI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoints, "MAX_ENDPOINTS", 2)
    for _ in range(2):
        create(red)
    with pytest.raises(BadRequestError, match="The project has 2 webhook endpoints, the maximum"):
        create(red)
    create(blue)


def test_unless_a_setting_allows_them_private_addresses_are_refused(
    open_front_door: FrontDoor, tmp_path: Path, receiver: WebhookReceiver
) -> None:
    with open_front_door(data=tmp_path) as url, OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0) as sdk:
        for private in (receiver.url, "https://169.254.169.254/latest", "https://[::1]/", "https://localhost/"):
            with pytest.raises(BadRequestError) as raised:
                create(sdk, private)
            assert raised.value.param == "url"
        endpoint = create(sdk, "https://2130706433/")  # another way to write 127.0.0.1
        with pytest.raises(BadRequestError, match=r"has the address 127\.0\.0\.1, which is not public"):
            sdk.webhooks.test(endpoint.id, event_type=SUCCEEDED)
