"""The tokens in the check of a fine-tuning job's files, as the model's engine counts them."""

import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.generation.jobs.feasibility.count_tokens import PARALLEL
from services.generation.jobs.validation.validate import RUNNING
from shared.records.database import Database
from shared.records.models.adapters import Adapter
from tests.fake_engine import FakeEngine, error_response
from tests.fake_retrieval import FakeRetrieval
from tests.serving import serving, wait_until
from tests.unit.generation.conftest import FrontDoor

PATH = "/v1/fine_tuning/validate"
MINE = "ft:tiny:default:style:abcdefgh1234"
SHAPE = 3 + 4 + 4  # what the fake engine's chat template adds to a chat of two messages


def line(question: str, answer: str = "It has two.", *earlier: str) -> bytes:
    turns = [{"role": role, "content": text} for text in earlier for role in ("user", "assistant")]
    messages = [*turns, {"role": "user", "content": question}, {"role": "assistant", "content": answer}]
    return json.dumps({"messages": messages}).encode() + b"\n"


GOOD = b"".join(line(f"How many arms has robot {number}?") for number in range(12))  # 6 tokens and a mark, 3 and a mark


def validate(http: httpx.Client, **body: Any) -> dict[str, Any]:
    response = http.post(PATH, json=body)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def validate_training(http: httpx.Client, **body: Any) -> dict[str, Any]:
    file: dict[str, Any] = validate(http, **body)["training_file"]
    return file


def codes(file: dict[str, Any]) -> list[str]:
    return [warning["code"] for warning in file["warnings"]]


def test_with_a_model_the_report_has_the_tokens_of_both_files(http: httpx.Client, retrieval: FakeRetrieval) -> None:
    long = line("Why? " * 100, "Because.", "Hello", "Grüße, ☕!")
    files = {"training_file": retrieval.add_file(GOOD + long), "validation_file": retrieval.add_file(line("Who is it?", "Me"))}
    found = validate(http, model="tiny", **files)
    tokens = found["training_file"]["tokens"]
    longest = SHAPE + 4 * 4 + 200 + 2 + 2 * (1 + 4)
    assert tokens["longest_examples"][:2] == [{"line": 13, "tokens": longest}, {"line": 1, "tokens": SHAPE + 7 + 4}]
    assert (tokens["total"], tokens["shortest"], tokens["longest"]) == (12 * (SHAPE + 11) + longest, SHAPE + 11, longest)
    assert (tokens["model"], tokens["is_sample"], tokens["counted"], tokens["window"], tokens["max_length"]) == (
        "tiny",
        False,
        13,
        2048,
        2048,
    )
    assert tokens["percentiles"] == {"p50": 22, "p90": 22, "p95": longest, "p99": longest}
    assert tokens["advice"]["max_length"] == 256
    assert found["validation_file"]["tokens"]["total"] == SHAPE + 4 + 1
    assert (codes(found["training_file"]), found["valid"]) == ([], True)


def test_without_a_model_no_tokens_are_counted(http: httpx.Client, retrieval: FakeRetrieval) -> None:
    file = validate_training(http, training_file=retrieval.add_file(GOOD))
    assert (file["tokens"], file["warnings"]) == (None, [])


def test_a_fine_tuned_model_counts_as_its_base_model_does_without_being_loaded(
    http: httpx.Client, retrieval: FakeRetrieval, database: Database, engine: FakeEngine
) -> None:
    with database.session() as session:
        session.add(Adapter(name=MINE, project_id="default", base="tiny", job_id="ftjob-1", manifest={}, created_at=7))
    file_id = retrieval.add_file(GOOD)
    tokens = validate_training(http, model=MINE, training_file=file_id)["tokens"]
    assert (tokens["model"], engine.loaded, engine.adapters) == (MINE, [], set())
    assert {**tokens, "model": "tiny"} == validate_training(http, model="tiny", training_file=file_id)["tokens"]


def test_examples_beyond_the_limits_are_counted_and_told_with_their_lines(http: httpx.Client, retrieval: FakeRetrieval) -> None:
    content = GOOD + line("word " * 2500) + line("x" * 9000)
    file = validate_training(http, model="tiny", training_file=retrieval.add_file(content))
    assert (file["tokens"]["longer_than_window"], file["tokens"]["longer_than_max_length"]) == (1, 1)
    [warning] = [warning for warning in file["warnings"] if warning["code"] == "long_examples"]
    assert (warning["lines"], warning["message"]) == ([13], file["tokens"]["advice"]["message"])
    assert warning["message"].startswith("1 of 14 examples has more than 2,048 tokens, such as line 13 with 2,515.")


def test_lines_that_are_refused_are_not_counted(http: httpx.Client, retrieval: FakeRetrieval) -> None:
    with_image = json.loads(line("What do you see?"))
    with_image["messages"][0]["content"] = [{"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}]
    file = validate_training(http, model="tiny", training_file=retrieval.add_file(GOOD + json.dumps(with_image).encode() + b"\n{\n"))
    assert (file["valid"], file["problems"][0]["code"], file["wrong_lines"]) == (False, "not_supported", 2)
    assert (file["tokens"]["examples"], file["tokens"]["counted"]) == (12, 12)


def test_a_file_without_examples_has_no_tokens(http: httpx.Client, retrieval: FakeRetrieval) -> None:
    for content in (b"", b"\n\n", b"{\n"):
        file = validate_training(http, model="tiny", training_file=retrieval.add_file(content))
        assert (file["tokens"], file["lengths"], codes(file)) == (None, None, [])


def test_preference_pairs_are_counted_with_their_longer_answer(http: httpx.Client, retrieval: FakeRetrieval) -> None:
    rows = [
        {
            "input": {"messages": [{"role": "user", "content": f"Hi {number}"}]},
            "preferred_output": [{"role": "assistant", "content": "Good day to you"}],
            "non_preferred_output": [{"role": "assistant", "content": "What?"}],
        }
        for number in range(10)
    ]
    file_id = retrieval.add_file(b"".join(json.dumps(row).encode() + b"\n" for row in rows))
    tokens = validate_training(http, model="tiny", training_file=file_id, method={"type": "dpo"})["tokens"]
    assert (tokens["total"], tokens["longest"]) == (10 * (SHAPE + 6), SHAPE + 6)


def test_an_engine_that_is_down_does_not_fail_the_check(
    open_front_door: FrontDoor, retrieval: FakeRetrieval, tmp_path: Path, dead_url: str
) -> None:
    with open_front_door(data=tmp_path, engine_url=dead_url) as url, httpx.Client(base_url=url, timeout=20) as client:
        found = validate(client, model="tiny", training_file=retrieval.add_file(GOOD + line("word " * 2500)))
    file = found["training_file"]
    assert (found["valid"], file["tokens"], codes(file)) == (True, None, ["long_examples", "tokens_not_counted"])
    assert file["warnings"][-1]["message"].startswith("No tokens were counted. The engine (GENERATION_ENGINE_URL) cannot be reached")


class StrictEngine(FakeEngine):
    """An engine whose chat template needs user and assistant to take turns."""

    async def _tokenize(self, request: Request) -> Response:
        roles = [message["role"] for message in (await request.json())["messages"]]
        if roles[::2] != ["user"] * len(roles[::2]):
            return error_response(400, "BadRequestError", "Conversation roles must alternate user/assistant/user/assistant/...")
        return await super()._tokenize(request)


REFUSAL = (
    "chat template of 'tiny' refuses this example: Conversation roles must alternate user/assistant/user/assistant/. "
    "Change the example, or train another base model."
)


class SlowEngine(FakeEngine):
    """An engine that counts nothing until the client disconnects, and then sets `left`. `waiting` clients have not disconnected yet."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.left = threading.Event(), threading.Event()
        self.waiting = 0

    async def _tokenize(self, request: Request) -> Response:
        await request.body()
        self.waiting += 1
        self.asked.set()
        while (await request.receive())["type"] != "http.disconnect":
            pass
        self.waiting -= 1
        self.left.set()
        return JSONResponse({})


def test_chats_that_the_engines_template_refuses_are_told(open_front_door: FrontDoor, retrieval: FakeRetrieval, tmp_path: Path) -> None:
    odd = json.dumps({"messages": [{"role": role, "content": "Hi"} for role in ("user", "user", "assistant")]}).encode()
    with (
        serving(StrictEngine().app()) as engine_url,
        open_front_door(data=tmp_path, engine_url=engine_url) as url,
        httpx.Client(base_url=url, timeout=20) as client,
    ):
        file = validate_training(client, model="tiny", training_file=retrieval.add_file(GOOD + odd))
    assert (file["valid"], file["num_problems"], file["tokens"]["counted"], codes(file)) == (False, 1, 12, ["turns"])
    assert file["problems"] == [{"line": 13, "field": None, "code": "chat_template", "message": f"The {REFUSAL}"}]


@pytest.fixture
def slow(open_front_door: FrontDoor, tmp_path: Path) -> Iterator[tuple[SlowEngine, httpx.Client]]:
    engine = SlowEngine()
    with (
        serving(engine.app()) as engine_url,
        open_front_door(data=tmp_path, engine_url=engine_url) as url,
        httpx.Client(base_url=url, timeout=20) as client,
    ):
        yield engine, client


def test_counting_stops_when_the_client_of_a_plain_call_leaves(retrieval: FakeRetrieval, slow: tuple[SlowEngine, httpx.Client]) -> None:
    engine, client = slow
    with pytest.raises(httpx.ReadTimeout):
        client.post(PATH, json={"model": "tiny", "training_file": retrieval.add_file(GOOD)}, timeout=1)
    assert engine.asked.is_set()
    assert engine.left.wait(10)


def test_jobs_are_created_while_checks_wait_for_a_slow_engine_and_counting_stops_when_the_clients_leave(
    retrieval: FakeRetrieval, slow: tuple[SlowEngine, httpx.Client]
) -> None:
    engine, client = slow
    job = {"model": "tiny", "training_file": retrieval.add_file(GOOD)}
    with ExitStack() as stack:
        for _ in range(RUNNING):
            stack.enter_context(client.stream("POST", PATH, json={**job, "stream": True}))
        assert engine.asked.wait(10)
        assert client.post("/v1/fine_tuning/jobs", json=job).status_code == 200
        wait_until(lambda: engine.waiting == RUNNING * PARALLEL)  # the checks; the job's own requests were given up
    wait_until(lambda: engine.waiting == 0)


def test_a_stream_ends_with_the_tokens_of_the_plain_call(http: httpx.Client, retrieval: FakeRetrieval) -> None:
    body = {"model": "tiny", "training_file": retrieval.add_file(GOOD)}
    with http.stream("POST", PATH, json={**body, "stream": True}) as response:
        events = [json.loads(each.removeprefix("data: ")) for each in response.iter_lines() if each.startswith("data: ")]
    assert events[-1]["validation"]["training_file"]["tokens"] == validate_training(http, **body)["tokens"]
    assert all(0 <= event["progress"]["examples_counted"] <= 12 for event in events[:-1])
