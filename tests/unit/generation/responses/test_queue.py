"""Two front doors share the queue of responses in one database."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from services.generation.contracts.responses.response import ResponseCreate
from services.generation.responses import queue
from services.generation.responses.queue import ResponseQueue
from services.generation.responses.turn import Turn
from services.generation.responses.writer import new_response
from shared.errors import InvalidRequest, NotFound, TooManyRequests
from shared.records import MIGRATIONS
from shared.records.database import Database
from shared.records.responses import StoredResponse
from shared.web.auth import open_authenticator
from tests.migrated import open_migrated


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_migrated(tmp_path / "jobs.db", MIGRATIONS)
    open_authenticator(database, {}, None)
    yield database
    database.close()


def add(responses: ResponseQueue, **fields: Any) -> str:
    request = ResponseCreate(model="tiny", input="one", background=True, **fields)
    response = new_response(request, "queued")
    responses.add("default", response, Turn(request, [], []))
    return response.id


def expire_leases(database: Database) -> None:
    with database.session() as session:
        session.execute(update(StoredResponse).values(lease_expires_at=time.time() - 1))


def test_only_the_holder_of_the_lease_can_write(database: Database) -> None:
    first, second = ResponseQueue(database, 30), ResponseQueue(database, 30)
    id = add(first, stream=True)
    (claimed,) = first.claim(5)
    assert second.claim(5) == []
    assert first.record(id, [{"type": "a", "sequence_number": 0}, {"type": "b", "sequence_number": 1}])
    expire_leases(database)
    (taken_over,) = second.claim(5)
    assert (taken_over.id, taken_over.first_number, taken_over.takeovers) == (id, 2, 1)
    assert first.renew([id]) == set()
    assert not first.record(id, [{"type": "c", "sequence_number": 2}])
    claimed.response.status = "completed"
    first.end(claimed.response, [{"type": "c", "sequence_number": 2}])
    first.requeue(id)
    assert second.renew([id]) == {id}
    assert second.list_events("default", id, -1) == ([], False)


def test_a_requeued_response_can_be_claimed_again_and_is_no_takeover(database: Database) -> None:
    responses = ResponseQueue(database, 30)
    id = add(responses)
    responses.claim(1)
    responses.requeue(id)
    (claimed,) = responses.claim(1)
    assert (claimed.id, claimed.takeovers) == (id, 0)


def test_a_canceled_response_ends_its_events_and_frees_its_lease(database: Database) -> None:
    responses = ResponseQueue(database, 30)
    id = add(responses, stream=True)
    responses.claim(1)
    assert responses.cancel("default", id).status == "cancelled"
    events, has_ended = responses.list_events("default", id, -1)
    assert [event["code"] for event in events] == ["cancelled"]
    assert has_ended
    assert responses.renew([id]) == set()


def test_only_streamed_responses_of_the_project_have_events(database: Database) -> None:
    responses = ResponseQueue(database, 30)
    id = add(responses)
    with pytest.raises(InvalidRequest, match="cannot be streamed"):
        responses.check_streamed("default", id)
    with pytest.raises(NotFound):
        responses.check_streamed("other", id)


def test_the_number_of_unfinished_responses_of_a_project_is_limited(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "MAX_UNFINISHED", 2)
    responses = ResponseQueue(database, 15)
    for _ in range(2):
        add(responses)
    with pytest.raises(TooManyRequests, match="2 unfinished"):
        add(responses)
