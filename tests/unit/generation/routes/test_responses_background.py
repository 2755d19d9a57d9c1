"""Responses in the background: created, continued, streamed, canceled, taken over."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from openai import BadRequestError, NotFoundError, OpenAI
from openai.types.responses import Response
from sqlalchemy import update

from services.generation.contracts.responses.response import ResponseCreate
from services.generation.responses.queue import ResponseQueue
from services.generation.responses.turn import Turn
from services.generation.responses.writer import ResponseWriter, new_response
from shared.records.database import Database
from shared.records.jobs import MAX_TAKEOVERS
from shared.records.responses import StoredResponse
from shared.settings import JobSettings
from tests.fake_engine import FakeEngine
from tests.fake_retrieval import FakeRetrieval, make_hit
from tests.serving import DEADLINE, wait_until
from tests.unit.generation.conftest import FrontDoor

ENDED = ("completed", "failed", "cancelled", "incomplete")
SEARCH: Any = {"type": "file_search", "vector_store_ids": ["vs_a"]}


def wait_for_end(sdk: OpenAI, id: str, **fields: Any) -> Response:
    wait_until(lambda: sdk.responses.retrieve(id).status in ENDED)
    response: Response = sdk.responses.retrieve(id, **fields)
    return response


def test_the_call_returns_immediately_and_the_response_is_made_later(sdk: OpenAI, engine: FakeEngine) -> None:
    response = sdk.responses.create(model="tiny", input="one two", background=True, metadata={"a": "b"})
    assert (response.status, response.background, response.output) == ("queued", True, [])
    done = wait_for_end(sdk, response.id)
    assert (done.status, done.output_text, done.metadata, done.id) == ("completed", "one two ", {"a": "b"}, response.id)
    assert done.completed_at is not None
    following = sdk.responses.create(model="tiny", input="three", previous_response_id=response.id)
    assert following.output_text == "three "


def test_a_canceled_response_stops_the_engine(sdk: OpenAI, engine: FakeEngine) -> None:
    engine.hangs = True
    response = sdk.responses.create(model="tiny", input="one", background=True)
    assert engine.started.wait(DEADLINE)
    wait_until(lambda: sdk.responses.retrieve(response.id).status == "in_progress")
    with pytest.raises(BadRequestError, match="is in_progress"):
        sdk.responses.create(model="tiny", input="two", previous_response_id=response.id)
    assert sdk.responses.cancel(response.id).status == "cancelled"
    assert engine.aborted.wait(DEADLINE)
    assert sdk.responses.cancel(response.id).status == sdk.responses.retrieve(response.id).status == "cancelled"


def test_canceling_a_response_that_has_ended_changes_nothing(sdk: OpenAI) -> None:
    response = sdk.responses.create(model="tiny", input="one", background=True)
    wait_for_end(sdk, response.id)
    assert sdk.responses.cancel(response.id).status == "completed"


def test_only_a_response_in_the_background_can_be_canceled(sdk: OpenAI) -> None:
    response = sdk.responses.create(model="tiny", input="one")
    with pytest.raises(BadRequestError, match="Cannot cancel a synchronous response"):
        sdk.responses.cancel(response.id)
    with pytest.raises(NotFoundError):
        sdk.responses.cancel("resp_none")


def test_deleting_a_response_stops_the_engine(sdk: OpenAI, engine: FakeEngine) -> None:
    engine.hangs = True
    response = sdk.responses.create(model="tiny", input="one", background=True)
    assert engine.started.wait(DEADLINE)
    sdk.responses.delete(response.id)
    assert engine.aborted.wait(DEADLINE)
    with pytest.raises(NotFoundError):
        sdk.responses.retrieve(response.id)


def test_documents_are_searched_for_the_project_of_the_caller(
    open_front_door: FrontDoor, engine: FakeEngine, retrieval: FakeRetrieval
) -> None:
    retrieval.add_store([make_hit("The seal is turquoise.", 0.9)], project="red")
    keys = {"keys": "red:red-key-1", "worker_key": "worker-key-1"}
    with open_front_door(common=keys) as url, OpenAI(base_url=f"{url}/v1", api_key="red-key-1", max_retries=0) as red:
        response = red.responses.create(model="tiny", input="Which color?", tools=[SEARCH], background=True)
        done = wait_for_end(red, response.id, include=["file_search_call.results"])
    assert done.output[0].to_dict()["results"][0]["text"] == "The seal is turquoise."  # type: ignore[index]
    assert retrieval.request_headers[-1]["authorization"] == "Bearer worker-key-1"


def test_a_response_that_fails_has_its_error(sdk: OpenAI, engine: FakeEngine) -> None:
    response = sdk.responses.create(model="tiny", input="one", tools=[SEARCH], tool_choice="required", background=True)
    done = wait_for_end(sdk, response.id)
    assert done.status == "failed"
    assert done.error is not None
    assert (done.error.code, "vs_a" in done.error.message) == ("invalid_prompt", True)
    engine.sends_error = True
    done = wait_for_end(sdk, sdk.responses.create(model="tiny", input="one", background=True).id)
    assert done.error is not None
    assert (done.status, done.error.code, done.error.message) == ("failed", "server_error", "EngineCore died")


def test_a_stream_can_be_continued_after_any_event(sdk: OpenAI) -> None:
    events = list(sdk.responses.create(model="tiny", input="one two three", background=True, stream=True))
    assert [event.type for event in events[:3]] == ["response.created", "response.queued", "response.in_progress"]
    assert events[0].type == "response.created"
    id = events[0].response.id
    assert events[0].response.status == "queued"
    assert [event.sequence_number for event in events] == list(range(len(events)))
    assert events[-1].type == "response.completed"
    again = list(sdk.responses.retrieve(id, stream=True, starting_after=4))
    assert [event.to_dict() for event in again] == [event.to_dict() for event in events[5:]]
    with sdk.responses.stream(response_id=id, starting_after=0) as stream:
        assert stream.until_done().get_final_response().output_text == "one two three "


def test_a_response_outlives_its_stream_and_a_canceled_one_ends_its_stream(sdk: OpenAI, engine: FakeEngine) -> None:
    engine.hangs = True
    stream = sdk.responses.create(model="tiny", input="one two", background=True, stream=True)
    first = next(iter(stream))
    assert first.type == "response.created"
    stream.close()
    seen = []
    for event in sdk.responses.retrieve(first.response.id, stream=True):
        seen.append(event.type)
        if event.type == "response.output_text.delta" and seen.count(event.type) == 2:
            assert not engine.aborted.is_set()
            sdk.responses.cancel(first.response.id)
    assert seen[-1] == "error"
    assert engine.aborted.wait(DEADLINE)


@pytest.mark.parametrize("background", [True, False])
def test_only_a_response_created_with_background_and_stream_can_be_streamed_later(sdk: OpenAI, background: bool) -> None:
    response = sdk.responses.create(model="tiny", input="one", background=background)
    with pytest.raises(BadRequestError, match="only a response created with 'background' and 'stream'"):
        sdk.responses.retrieve(response.id, stream=True)


def test_starting_after_needs_stream(http: httpx.Client, sdk: OpenAI) -> None:
    response = sdk.responses.create(model="tiny", input="one")
    answer = http.get(f"/v1/responses/{response.id}", params={"starting_after": 3})
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "stream")


def test_no_more_responses_run_than_the_setting_allows(open_front_door: FrontDoor, engine: FakeEngine) -> None:
    engine.hangs = True
    with open_front_door(background_running=1) as url, OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0) as client:
        first = client.responses.create(model="tiny", input="one", background=True).id
        wait_until(lambda: client.responses.retrieve(first).status == "in_progress")
        assert engine.started.wait(DEADLINE)
        second = client.responses.create(model="tiny", input="two", background=True).id
        assert client.responses.retrieve(second).status == "queued"
        assert client.responses.cancel(second).status == "cancelled"
        engine.hangs = False
        client.responses.cancel(first)
        third = client.responses.create(model="tiny", input="three", background=True).id
        assert wait_for_end(client, third).status == "completed"
    assert len(engine.bodies) == 2


def test_a_front_door_that_stops_gives_its_responses_to_the_next(open_front_door: FrontDoor, engine: FakeEngine, tmp_path: Path) -> None:
    engine.hangs = True
    with open_front_door(data=tmp_path) as url, OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0) as client:
        id = client.responses.create(model="tiny", input="one", background=True).id
        assert engine.started.wait(DEADLINE)
    assert engine.aborted.wait(DEADLINE)
    engine.hangs = False
    with open_front_door(data=tmp_path) as url, OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0) as client:
        assert wait_for_end(client, id).output_text == "one "


def test_a_response_that_kills_every_front_door_is_given_up(open_front_door: FrontDoor, engine: FakeEngine, tmp_path: Path) -> None:
    database = Database(JobSettings(data=tmp_path).jobs_url)
    with open_front_door(data=tmp_path):
        pass
    request = ResponseCreate(model="tiny", input="one", background=True)
    response = new_response(request, "queued")
    ResponseQueue(database, 30).add("default", response, Turn(request, [], []))
    with database.session() as session:
        session.execute(update(StoredResponse).values(status="in_progress", takeovers=MAX_TAKEOVERS))
    database.close()
    with open_front_door(data=tmp_path) as url, OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0) as client:
        done = wait_for_end(client, response.id)
    assert done.error is not None
    assert "in a row died" in done.error.message
    assert engine.bodies == []


@pytest.mark.parametrize("stream", [False, True])
def test_an_engine_that_sends_nonsense_fails_the_response_and_ends_its_stream(sdk: OpenAI, engine: FakeEngine, stream: bool) -> None:
    engine.sends_invalid_json = True
    made: Any = sdk.responses.create(model="tiny", input="one", background=True, stream=stream)
    events: list[Any] = list(made) if stream else []
    id = events[0].response.id if stream else made.id
    assert wait_for_end(sdk, id).status == "failed"
    if stream:
        assert [event.sequence_number for event in events] == list(range(len(events)))
        assert events[-1].type == "response.failed"
    engine.sends_invalid_json = False
    assert sdk.responses.create(model="tiny", input="two").output_text == "two "


def test_an_unexpected_error_fails_the_response_and_ends_its_stream(
    sdk: OpenAI, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ResponseWriter, "write", lambda *_, **__: 1 / 0)
    events: list[Any] = list(sdk.responses.create(model="tiny", input="one", background=True, stream=True))
    assert [event.sequence_number for event in events] == list(range(len(events)))
    assert (events[-1].type, events[-1].response.error.message) == ("response.failed", "Something went wrong here.")
