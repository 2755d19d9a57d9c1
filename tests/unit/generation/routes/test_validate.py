"""What the check of the files of a fine-tuning job tells, plain and streamed, before there is a job."""

import json
import threading
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, StreamingResponse
from starlette.routing import Route

from services.generation.jobs.validation.validate import RUNNING, WAITING
from tests.fake_retrieval import FakeRetrieval
from tests.serving import serving, wait_until
from tests.unit.generation.conftest import FrontDoor

PATH = "/v1/fine_tuning/validate"


def line(question: str, answer: str = "Two.") -> bytes:
    messages = [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
    return json.dumps({"messages": messages}).encode() + b"\n"


GOOD = b"".join(line(f"How many arms has robot {number}?", f"It has {number}.") for number in range(12))
PAIR = {
    "input": {"messages": [{"role": "user", "content": "Hi"}]},
    "preferred_output": [{"role": "assistant", "content": "Hello!"}],
    "non_preferred_output": [{"role": "assistant", "content": "What?"}],
}


def validate(http: httpx.Client, **body: Any) -> dict[str, Any]:
    response = http.post(PATH, json=body)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def events_of(response: httpx.Response) -> Iterator[dict[str, Any]]:
    for each in response.iter_lines():
        if each.startswith("data: "):
            yield json.loads(each.removeprefix("data: "))


def test_a_good_file_is_valid_and_described(http: httpx.Client, retrieval: FakeRetrieval) -> None:
    found = validate(http, model="tiny", training_file=retrieval.add_file(GOOD), method={"type": "supervised", "supervised": {}})
    assert (found["object"], found["valid"], found["validation_file"]) == ("fine_tuning.validation", True, None)
    file = found["training_file"]
    assert (file["examples"], file["format"], file["problems"], file["warnings"]) == (12, "chat", [], [])
    assert (file["messages"], file["bytes"], file["complete"]) == ({"user": 12, "assistant": 12}, len(GOOD), True)
    lengths = file["lengths"]
    assert sum(bucket["examples"] for bucket in lengths["histogram"]) == 12
    assert (lengths["unit"], lengths["shortest"], lengths["longest"]) == ("characters", 35, 37)


def test_every_problem_has_its_line_its_field_and_its_code(http: httpx.Client, retrieval: FakeRetrieval) -> None:
    content = GOOD + b"\xff\n{\n" + line("") + b'{"messages": [], "x": 1}\n'
    found = validate(http, training_file=retrieval.add_file(content))
    file = found["training_file"]
    assert (found["valid"], file["valid"], file["wrong_lines"], file["num_problems"]) == (False, False, 4, 5)
    assert [(each["line"], each["field"], each["code"]) for each in file["problems"]] == [
        (13, None, "invalid_encoding"),
        (14, None, "invalid_json"),
        (15, "messages[0].content", "invalid_value"),
        (16, "x", "invalid_value"),
        (16, "messages", "invalid_value"),
    ]


def test_both_files_are_checked_and_compared(http: httpx.Client, retrieval: FakeRetrieval) -> None:
    training, validation = retrieval.add_file(GOOD), retrieval.add_file(line("How many arms has robot 3?", "It has 3.") + line("Why?"))
    found = validate(http, training_file=training, validation_file=validation)
    assert found["valid"]
    [warning] = found["validation_file"]["warnings"]
    assert (warning["code"], warning["lines"]) == ("overlap", [1])


def test_an_empty_file_and_a_few_examples_are_too_few(http: httpx.Client, retrieval: FakeRetrieval) -> None:
    for content, count in ((b"", "0 examples"), (line("Why?"), "1 example")):
        file = validate(http, training_file=retrieval.add_file(content))["training_file"]
        [problem] = file["problems"]
        assert problem == {
            "line": None,
            "field": None,
            "code": "invalid_n_examples",
            "message": f"The file must have at least 10 examples; it has {count}.",
        }


def test_preference_pairs_are_valid_for_dpo_alone(http: httpx.Client, retrieval: FakeRetrieval) -> None:
    rows = [{**PAIR, "input": {"messages": [{"role": "user", "content": f"Hi {number}"}]}} for number in range(10)]
    file_id = retrieval.add_file(b"".join(json.dumps(row).encode() + b"\n" for row in rows))
    file = validate(http, training_file=file_id, method={"type": "dpo"})["training_file"]
    assert (file["valid"], file["format"], file["examples"], file["problems"]) == (True, "preference", 10, [])
    file = validate(http, training_file=file_id)["training_file"]
    assert (file["complete"], file["problems"][0]["line"]) == (False, 1)
    assert file["problems"][0]["message"] == (
        "The file has preference pairs, which only the method 'dpo' takes; use that method, or write chats with 'messages'. "
        "The rest of the file was not checked."
    )


def test_chats_and_wrong_pairs_are_problems_for_dpo(http: httpx.Client, retrieval: FakeRetrieval) -> None:
    dpo = {"type": "dpo"}
    [problem] = validate(http, training_file=retrieval.add_file(GOOD), method=dpo)["training_file"]["problems"]
    assert (problem["line"], "needs lines with 'input', 'preferred_output'" in problem["message"]) == (1, True)
    rows = [PAIR, {**PAIR, "non_preferred_output": PAIR["preferred_output"]}, {**PAIR, "preferred_output": []}]
    file_id = retrieval.add_file(b"".join(json.dumps(row).encode() + b"\n" for row in rows))
    problems = validate(http, training_file=file_id, method=dpo)["training_file"]["problems"]
    assert [(each["line"], each["field"]) for each in problems] == [
        (2, "non_preferred_output"),
        (3, "preferred_output"),
        (None, None),
    ]
    assert "must have at least 10 examples; it has 1 example." in problems[-1]["message"]


@pytest.mark.parametrize(
    ("body", "status", "param"),
    [
        ({}, 400, "training_file"),
        ({"training_file": "file-no"}, 400, "training_file"),
        ({"training_file": "GOOD", "validation_file": "file-no"}, 400, "validation_file"),
        ({"training_file": "EVALS"}, 400, "training_file"),
        ({"training_file": "GOOD", "model": "none"}, 404, "model"),
        ({"training_file": "GOOD", "method": {"type": "reinforcement"}}, 400, "method.type"),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_a_request_that_cannot_be_checked_is_an_error(
    http: httpx.Client, retrieval: FakeRetrieval, body: dict[str, Any], status: int, param: str, stream: bool
) -> None:
    files = {"GOOD": retrieval.add_file(GOOD), "EVALS": retrieval.add_file(GOOD, purpose="evals")}
    response = http.post(PATH, json={"stream": stream, **{name: files.get(str(value), value) for name, value in body.items()}})
    assert (response.status_code, response.json()["error"]["param"]) == (status, param)


def test_a_stream_ends_with_the_result_of_the_plain_call(http: httpx.Client, retrieval: FakeRetrieval) -> None:
    file_id = retrieval.add_file(GOOD + b"{\n")
    with http.stream("POST", PATH, json={"training_file": file_id, "stream": True}) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        *progress, last = events_of(response)
    assert [event["type"] for event in progress] == ["fine_tuning.validation.progress"] * len(progress)
    assert progress[0]["progress"]["bytes"] == len(GOOD) + 2
    assert last["type"] == "fine_tuning.validation.completed"
    assert {**last["validation"], "seconds": 0} == {**validate(http, training_file=file_id), "seconds": 0}


@pytest.mark.parametrize(
    "content",
    [
        GOOD,
        ("text,category\n" + "".join(f'"Where, is {number}?",place\n' for number in range(10))).encode(),
        b"".join(json.dumps({"instruction": f"Say {number}", "input": "", "output": "x"}).encode() + b"\n" for number in range(10)),
        GOOD + json.dumps(PAIR).encode(),
        GOOD + b'{"messages": [{"role": "user", "content": [{"type": "image_url"}]}, {"role": "assistant", "content": "A cat"}]}',
        GOOD[:100],
        json.dumps([{"instruction": f"Say {number}", "output": "x"} for number in range(10)], indent=1).encode(),
        b'[{"instruction": "Say 1", "output": "x"},\n{"instruction": "Say 2"',
        b"Where is it?,place\n" * 12,
        GOOD + b'{"prompt": "Where?", "completion": "There."}\n',
    ],
    ids=[
        "chats",
        "csv",
        "alpaca",
        "a pair among chats",
        "an image",
        "cut off",
        "list",
        "cut off in a list",
        "csv without names",
        "mixed",
    ],
)
def test_a_job_is_created_if_and_only_if_its_file_is_valid(http: httpx.Client, retrieval: FakeRetrieval, content: bytes) -> None:
    file_id = retrieval.add_file(content)
    created = http.post("/v1/fine_tuning/jobs", json={"model": "tiny", "training_file": file_id})
    assert validate(http, training_file=file_id)["valid"] == (created.status_code == 200), created.text


def rows(count: int) -> bytes:
    return b"question,answer\r\n" + b"".join(b'"Where is part %d,\r\nplease?",Shelf %d\r\n' % (n, n) for n in range(count))


def test_the_report_and_the_events_of_a_job_say_how_its_files_are_converted(http: httpx.Client, retrieval: FakeRetrieval) -> None:
    pairs = b'{"prompt": "Where is part 1?", "completion": "Shelf 1"}\n'
    files = {"training_file": retrieval.add_file(rows(12)), "validation_file": retrieval.add_file(pairs)}
    found = validate(http, **files)
    job = http.post("/v1/fine_tuning/jobs", json={"model": "tiny", **files}).json()
    messages = [event["message"] for event in http.get(f"/v1/fine_tuning/jobs/{job['id']}/events").json()["data"]]
    of_training = (
        "has rows of CSV, which are trained as chats: the column 'question' becomes the user's message, and 'answer' the assistant's."
    )
    of_validation = (
        "has lines with 'prompt' and 'completion', which are trained as chats: 'prompt' becomes the user's message, and 'completion' the "
        "assistant's."
    )
    assert messages[1:3] == [f"The validation file {of_validation}", f"The training file {of_training}"]
    assert [found[param]["warnings"][0]["message"] for param in files] == [f"The file {of_training}", f"The file {of_validation}"]


def test_a_job_is_created_with_a_warning_for_what_is_found_in_its_files(http: httpx.Client, retrieval: FakeRetrieval) -> None:
    key = "AKIA" + "QWERTYUIOP123456"
    files = {
        "training_file": retrieval.add_file(GOOD + line("How many arms has robot 3?", "It has 3.") + line("Which key?", key)),
        "validation_file": retrieval.add_file(line("How many arms has robot 7?", "It has 7.")),
    }
    job = http.post("/v1/fine_tuning/jobs", json={"model": "tiny", **files}).json()
    events = http.get(f"/v1/fine_tuning/jobs/{job['id']}/events").json()["data"]
    warnings = [event["message"] for event in reversed(events) if event["level"] == "warn"]
    assert [each.partition(":")[0] for each in warnings] == ["In the training file"] * 2 + ["In the validation file"]
    assert "1 example is a copy of an earlier line; for example, line 13 is the same as line 4." in warnings[0]
    assert warnings[0].endswith(" Line: 13.")
    assert "1 line with what looks like an AWS access key." in warnings[1]
    assert not any(key in each for each in warnings)
    assert "1 example is also in the training file, or nearly so; for example, line 1, which is the same as its line 8." in warnings[2]


class EndlessFile:
    """A retrieval service whose files never end, except for `file-short`.

    It notes when the download of an endless one begins, and when nobody reads it any more.
    """

    def __init__(self) -> None:
        self.began, self.left, self.breaks = threading.Event(), threading.Event(), False

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/v1/files/{id}", self._describe), Route("/v1/files/{id}/content", self._content)])

    async def _describe(self, request: Request) -> JSONResponse:
        about = {"id": request.path_params["id"], "bytes": 10**12, "created_at": 1, "filename": "a.jsonl", "purpose": "fine-tune"}
        return JSONResponse({**about, "object": "file", "status": "processed", "sha256": "0" * 64})

    async def _content(self, request: Request) -> StreamingResponse:
        return StreamingResponse(self._lines(request), headers={"content-length": str(10**12)} if self.breaks else None)

    async def _lines(self, request: Request) -> AsyncIterator[bytes]:
        if request.path_params["id"] == "file-short":
            yield GOOD
            return
        self.began.set()
        while not await request.is_disconnected():
            yield GOOD * 50
            if self.breaks:
                return
        self.left.set()


@pytest.fixture
def endless(open_front_door: FrontDoor, tmp_path: Path) -> Iterator[tuple[EndlessFile, httpx.Client]]:
    file = EndlessFile()
    with (
        serving(file.app()) as url,
        open_front_door(data=tmp_path, retrieval_url=url) as front_door,
        httpx.Client(base_url=front_door, timeout=20) as client,
    ):
        yield file, client


def test_progress_is_told_while_a_large_file_is_read_and_reading_stops_when_the_client_leaves(
    endless: tuple[EndlessFile, httpx.Client],
) -> None:
    file, client = endless
    with client.stream("POST", PATH, json={"training_file": "file-a", "stream": True}) as response:
        events = events_of(response)
        first, second = next(events), next(events)
        assert 0 < first["progress"]["bytes_read"] < second["progress"]["bytes_read"] < second["progress"]["bytes"] == 10**12
        assert client.get("/health/live").status_code == 200
    assert file.left.wait(10)


def test_the_check_stops_if_the_client_of_a_plain_call_leaves(endless: tuple[EndlessFile, httpx.Client]) -> None:
    file, client = endless
    with pytest.raises(httpx.ReadTimeout):
        client.post(PATH, json={"training_file": "file-a"}, timeout=1)
    assert file.began.is_set()
    assert file.left.wait(10)


def test_a_file_that_breaks_off_is_an_error_and_not_a_result(endless: tuple[EndlessFile, httpx.Client]) -> None:
    file, client = endless
    file.breaks = True
    started = time.monotonic()
    assert client.post(PATH, json={"training_file": "file-a"}).status_code == 503
    with client.stream("POST", PATH, json={"training_file": "file-a", "stream": True}) as response:
        *_, last = events_of(response)
    assert (last["type"], last["error"]["code"]) == ("error", "unavailable")
    assert time.monotonic() - started < 20


def test_some_checks_wait_for_others_and_more_are_refused(endless: tuple[EndlessFile, httpx.Client]) -> None:
    _, client = endless
    body = {"training_file": "file-a", "stream": True}

    def is_refused() -> bool:
        with client.stream("POST", PATH, json=body) as response:
            return response.status_code == 429

    with ExitStack() as stack:
        for _ in range(RUNNING + WAITING):
            stack.enter_context(client.stream("POST", PATH, json=body))
        wait_until(is_refused)
        refused = client.post(PATH, json=body)
        assert (refused.json()["error"]["code"], refused.headers["retry-after"]) == ("rate_limit_exceeded", "30")


def test_the_creation_of_a_job_waits_for_checks_and_is_never_refused(endless: tuple[EndlessFile, httpx.Client]) -> None:
    _, client = endless
    creation, job = "/v1/fine_tuning/jobs", {"model": "tiny", "training_file": "file-short"}
    with ThreadPoolExecutor(4) as threads:
        with ExitStack() as stack:
            for _ in range(RUNNING + WAITING):
                stack.enter_context(client.stream("POST", PATH, json={"training_file": "file-a", "stream": True}))
            wait_until(lambda: client.post(PATH, json={"training_file": "file-short"}).status_code == 429)
            with pytest.raises(httpx.ReadTimeout):
                client.post(creation, json=job, timeout=1)
            waiting = [threads.submit(client.post, creation, json=job) for _ in range(4)]
            assert client.get(creation).status_code == 200
            assert not any(each.done() for each in waiting)
        assert [each.result().status_code for each in waiting] == [200] * 4
