import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from openai import BadRequestError, NotFoundError, OpenAI

from tests.fake_engine import FakeEngine
from tests.fake_retrieval import FakeRetrieval, make_hit
from tests.serving import DEADLINE, serving, wait_until
from tests.unit.generation.conftest import FrontDoor

CHAT = "/v1/chat/completions"
WITH_DOCUMENTS = {"vector_store_ids": ["vs_a"]}
HITS = [make_hit("Arms: two.", 0.9, title="Handbook"), make_hit("It floats.", 0.5, position=1)]


def make_body(text: str = "How many arms?", **fields: Any) -> dict[str, Any]:
    return {"model": "tiny", "messages": [{"role": "user", "content": text}], **fields}


def events_of(body: bytes) -> list[Any]:
    lines = [event.removeprefix(b"data: ") for event in body.strip().split(b"\n\n")]
    assert lines[-1] == b"[DONE]"
    return [json.loads(line) for line in lines[:-1]]


def error_of(response: httpx.Response) -> dict[str, Any]:
    error: dict[str, Any] = response.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    return error


def test_request_and_response_pass_through_byte_for_byte(http: httpx.Client, engine: FakeEngine) -> None:
    body = b'{"model":"tiny",  "messages":[{"role":"user","content":"caf\\u00e9 \xc3\xa9"}],"unknown_to_us": 1.500, "temperature":0}'
    response = http.post(CHAT, content=body)
    assert engine.bodies == [body]
    assert response.content == engine.sent
    assert (response.status_code, response.headers["content-type"]) == (200, "application/json")


def test_a_null_retrieval_means_no_documents(http: httpx.Client, engine: FakeEngine, retrieval: FakeRetrieval) -> None:
    http.post(CHAT, json=make_body(retrieval=None))
    assert b'"retrieval"' in engine.bodies[0]
    assert retrieval.searches == []


@pytest.mark.parametrize("cut", [0, 1, 50])
def test_a_stream_passes_through_byte_for_byte(http: httpx.Client, engine: FakeEngine, cut: int) -> None:
    engine.piece_bytes = cut
    response = http.post(CHAT, json=make_body("one two three", stream=True, stream_options={"include_usage": True}))
    assert response.content == engine.sent
    assert response.headers["content-type"].startswith("text/event-stream")
    assert events_of(response.content)[-1]["usage"]


def test_completions_pass_through(http: httpx.Client, engine: FakeEngine) -> None:
    response = http.post("/v1/completions", json={"model": "tiny", "prompt": "Once"})
    assert response.content == engine.sent
    assert response.json()["choices"][0]["text"] == "Once"


def test_the_request_id_reaches_every_service(http: httpx.Client, engine: FakeEngine, retrieval: FakeRetrieval) -> None:
    retrieval.add_store(HITS)
    response = http.post(CHAT, json=make_body(retrieval=WITH_DOCUMENTS), headers={"X-Request-ID": "req-7"})
    assert response.headers["x-request-id"] == "req-7"
    assert engine.request_ids == ["req-7"]
    assert retrieval.request_headers[0]["x-request-id"] == "req-7"


@pytest.mark.parametrize("name", ["other", "../../etc", "ft:tiny:default::abcdefgh", "ft:tiny:default:../x:abcdefgh", "TINY"])
def test_the_name_of_an_unknown_model_never_reaches_the_engine(sdk: OpenAI, engine: FakeEngine, name: str) -> None:
    with pytest.raises(NotFoundError) as raised:
        sdk.chat.completions.create(model=name, messages=[{"role": "user", "content": "Hi"}])
    assert (raised.value.code, raised.value.param) == ("model_not_found", "model")
    assert engine.bodies == []


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b"{}", b'{"model": 1}'])
def test_a_malformed_body_is_a_400(http: httpx.Client, engine: FakeEngine, body: bytes) -> None:
    response = http.post(CHAT, content=body)
    assert response.status_code == 400
    assert error_of(response)["type"] == "invalid_request_error"
    assert engine.bodies == []


def test_a_body_over_the_limit_is_a_413(open_front_door: FrontDoor, engine: FakeEngine) -> None:
    with open_front_door(max_body_bytes=2000) as url:
        response = httpx.post(url + CHAT, json=make_body("x" * 3000))
        assert response.status_code == 413
        assert "GENERATION_MAX_BODY_BYTES" in error_of(response)["message"]
        assert httpx.post(url + CHAT, json=make_body("x" * 1000)).status_code == 200
        in_pieces = httpx.post(url + CHAT, content=iter([b" " * 1500, b" " * 1500]))
        assert (in_pieces.status_code, "GENERATION_MAX_BODY_BYTES" in error_of(in_pieces)["message"]) == (413, True)


def test_an_error_of_the_engine_is_an_openai_error(sdk: OpenAI, engine: FakeEngine) -> None:
    engine.context_length = 20
    with pytest.raises(BadRequestError, match="maximum context length") as raised:
        sdk.chat.completions.create(model="tiny", messages=[{"role": "user", "content": "word " * 50}])
    assert raised.value.code == "context_length_exceeded"


def test_an_error_before_a_stream_has_its_status(http: httpx.Client, engine: FakeEngine) -> None:
    engine.context_length = 5
    response = http.post(CHAT, json=make_body("word " * 50, stream=True))
    assert (response.status_code, error_of(response)["code"]) == (400, "context_length_exceeded")


def test_a_dead_engine_is_a_503_that_names_it(open_front_door: FrontDoor, dead_url: str) -> None:
    with open_front_door(engine_url=dead_url) as url:
        response = httpx.post(url + CHAT, json=make_body())
    assert response.status_code == 503
    assert "GENERATION_ENGINE_URL" in error_of(response)["message"]


def test_a_slow_engine_is_a_504(open_front_door: FrontDoor, engine: FakeEngine) -> None:
    engine.hangs = True
    with open_front_door(engine_seconds=0.1) as url:
        response = httpx.post(url + CHAT, json=make_body())
    assert response.status_code == 504
    assert error_of(response)["type"] == "timeout_error"
    assert engine.aborted.wait(DEADLINE)


def test_an_engine_that_dies_mid_stream_ends_it_with_an_error_event(http: httpx.Client, engine: FakeEngine) -> None:
    engine.disconnects = True
    *words, error = events_of(http.post(CHAT, json=make_body("one two", stream=True)).content)
    texts = [word["choices"][0]["delta"]["content"] for word in words]
    assert texts == ["one ", "two "][: len(texts)]  # what arrives together with the break may go down with it
    assert "GENERATION_ENGINE_URL" in error["error"]["message"]


@contextmanager
def raw_call(url: str, body: dict[str, Any]) -> Iterator[socket.socket]:
    address = urlsplit(url)
    content = json.dumps(body).encode()
    head = f"POST {CHAT} HTTP/1.1\r\nHost: tandem\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    with socket.create_connection((str(address.hostname), int(address.port or 0)), timeout=DEADLINE) as connection:
        connection.sendall(head.encode() + content)
        yield connection


@pytest.mark.parametrize("retrieved", [None, WITH_DOCUMENTS])
def test_a_client_that_disconnects_from_a_plain_call_cancels_the_generation(
    front_door: str, engine: FakeEngine, retrieval: FakeRetrieval, retrieved: Any
) -> None:
    retrieval.add_store(HITS)
    engine.hangs = True
    with raw_call(front_door, make_body(retrieval=retrieved)):
        assert engine.started.wait(DEADLINE)
        assert not engine.aborted.is_set()
    assert engine.aborted.wait(DEADLINE)


@pytest.mark.parametrize("retrieved", [None, WITH_DOCUMENTS])
def test_a_client_that_disconnects_from_a_stream_cancels_the_generation(
    front_door: str, engine: FakeEngine, retrieval: FakeRetrieval, retrieved: Any
) -> None:
    retrieval.add_store(HITS)
    engine.hangs = True
    with raw_call(front_door, make_body("one", stream=True, retrieval=retrieved)) as connection:
        assert connection.recv(10)
        assert not engine.aborted.is_set()
    assert engine.aborted.wait(DEADLINE)


def test_a_call_after_a_disconnect_succeeds(front_door: str, engine: FakeEngine) -> None:
    engine.hangs = True
    with raw_call(front_door, make_body()):
        assert engine.started.wait(DEADLINE)
    assert engine.aborted.wait(DEADLINE)
    engine.hangs = False
    assert httpx.post(front_door + CHAT, json=make_body()).status_code == 200


def test_concurrent_calls_are_all_answered(http: httpx.Client, engine: FakeEngine) -> None:
    with ThreadPoolExecutor(32) as pool:
        responses = list(pool.map(lambda number: http.post(CHAT, json=make_body(f"say {number}")), range(100)))
    assert [response.json()["choices"][0]["message"]["content"] for response in responses] == [f"say {number}" for number in range(100)]


def test_an_answer_from_documents_has_their_passages_in_its_prompt_and_citations(
    http: httpx.Client, engine: FakeEngine, retrieval: FakeRetrieval
) -> None:
    retrieval.add_store(HITS)
    options = {**WITH_DOCUMENTS, "max_num_results": 2, "search_mode": "vector"}
    reply = http.post(CHAT, json=make_body(retrieval=options, seed=7)).json()
    [search] = retrieval.searches
    assert (search["query"], search["max_num_results"], search["search_mode"]) == ("How many arms?", 2, "vector")
    body = json.loads(engine.bodies[0])
    assert "retrieval" not in body
    assert body["seed"] == 7
    assert body["messages"][0]["content"] == (
        "Answer the question from the numbered passages.\n\n"
        "<passages>\n[1] Handbook\nArms: two.\n\n[2]\nIt floats.\n</passages>\n\nQuestion: How many arms?"
    )
    assert [(c["index"], c["text"], c["vector_store_id"], c["filename"]) for c in reply["citations"]] == [
        (1, "Arms: two.", "vs_a", "file-a.md"),
        (2, "It floats.", "vs_a", "file-a.md"),
    ]
    ours = ("citations", "sentences", "abstained", "notes")
    assert {name: value for name, value in reply.items() if name not in ours} == json.loads(engine.sent)


@pytest.mark.parametrize("cut", [0, 1, 7])
def test_a_stream_with_documents_has_the_same_citations_in_its_last_chunk(
    http: httpx.Client, engine: FakeEngine, retrieval: FakeRetrieval, cut: int
) -> None:
    retrieval.add_store(HITS)
    engine.answer = "There are two arms [1]. It floats. Is it made of gold?"
    plain = http.post(CHAT, json=make_body(retrieval=WITH_DOCUMENTS)).json()
    engine.piece_bytes = cut
    engine.sent = b""
    body = http.post(CHAT, json=make_body(retrieval=WITH_DOCUMENTS, stream=True)).content
    *_, last = events_of(body)
    assert [last[name] for name in ("citations", "sentences", "notes")] == [plain[name] for name in ("citations", "sentences", "notes")]
    assert [sentence["supported"] for sentence in last["sentences"]] == [True, True, False]
    assert last["choices"] == []
    assert body.startswith(engine.sent.removesuffix(b"data: [DONE]\n\n"))


def test_the_openai_sdk_reads_citations_plain_and_streamed(sdk: OpenAI, engine: FakeEngine, retrieval: FakeRetrieval) -> None:
    retrieval.add_store(HITS)
    engine.answer = "Two [1]. Arms?"
    extra = {"retrieval": WITH_DOCUMENTS}
    reply = sdk.chat.completions.create(model="tiny", messages=[{"role": "user", "content": "Arms?"}], extra_body=extra)
    assert reply.model_extra is not None
    assert len(reply.model_extra["citations"]) == 2
    stream = sdk.chat.completions.create(model="tiny", messages=[{"role": "user", "content": "Arms?"}], extra_body=extra, stream=True)
    chunks = list(stream)
    assert (chunks[-1].model_extra or {})["citations"] == reply.model_extra["citations"]
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices).split()[-1] == "Arms?"


def test_a_stream_with_documents_stays_well_formed_if_the_engine_fails(
    http: httpx.Client, engine: FakeEngine, retrieval: FakeRetrieval
) -> None:
    retrieval.add_store(HITS)
    engine.sends_error = True
    *_, error, last = events_of(http.post(CHAT, json=make_body(retrieval=WITH_DOCUMENTS, stream=True)).content)
    assert error["error"]["message"] == "EngineCore died"
    assert last["citations"]


def test_a_completion_can_be_answered_from_documents(http: httpx.Client, engine: FakeEngine, retrieval: FakeRetrieval) -> None:
    retrieval.add_store(HITS[:1])
    reply = http.post("/v1/completions", json={"model": "tiny", "prompt": "Arms?", "retrieval": WITH_DOCUMENTS}).json()
    assert json.loads(engine.bodies[0])["prompt"].endswith("[1] Handbook\nArms: two.\n</passages>\n\nQuestion: Arms?")
    assert len(reply["citations"]) == 1


def test_the_question_is_sent_alone_if_nothing_is_found(http: httpx.Client, engine: FakeEngine, retrieval: FakeRetrieval) -> None:
    retrieval.add_store(HITS)
    reply = http.post(CHAT, json=make_body(retrieval={**WITH_DOCUMENTS, "score_threshold": 0.95})).json()
    assert json.loads(engine.bodies[0]) == make_body()
    assert reply["citations"] == []


def test_passages_that_do_not_fit_the_window_are_dropped_whole(http: httpx.Client, engine: FakeEngine, retrieval: FakeRetrieval) -> None:
    retrieval.add_store([make_hit("word " * 40, 0.9 - number / 10, position=number) for number in range(5)])
    engine.context_length = 150
    reply = http.post(CHAT, json=make_body(max_tokens=20, retrieval=WITH_DOCUMENTS))
    assert reply.status_code == 200
    assert [citation["chunk"]["position"] for citation in reply.json()["citations"]] == [0, 1]


def test_an_unknown_vector_store_is_a_404_that_names_the_field(sdk: OpenAI, engine: FakeEngine) -> None:
    with pytest.raises(NotFoundError, match="vs_gone") as raised:
        sdk.chat.completions.create(
            model="tiny", messages=[{"role": "user", "content": "Hi"}], extra_body={"retrieval": {"vector_store_ids": ["vs_gone/../x"]}}
        )
    assert raised.value.param == "retrieval.vector_store_ids[0]"
    assert engine.bodies == []


def test_dead_retrieval_is_a_503_and_plain_calls_still_succeed(open_front_door: FrontDoor, engine: FakeEngine, dead_url: str) -> None:
    with open_front_door(retrieval_url=dead_url) as url:
        response = httpx.post(url + CHAT, json=make_body(retrieval=WITH_DOCUMENTS))
        assert response.status_code == 503
        assert "GENERATION_RETRIEVAL_URL" in error_of(response)["message"]
        assert httpx.post(url + CHAT, json=make_body()).status_code == 200


def test_broken_retrieval_is_a_503(http: httpx.Client, retrieval: FakeRetrieval) -> None:
    retrieval.broken = True
    response = http.post(CHAT, json=make_body(retrieval=WITH_DOCUMENTS))
    assert response.status_code == 503
    assert "GENERATION_RETRIEVAL_URL" in error_of(response)["message"]


def test_a_call_above_the_limit_of_waiting_calls_is_a_429_with_retry_after(open_front_door: FrontDoor, engine: FakeEngine) -> None:
    engine.may_answer.clear()
    with open_front_door(engine_requests=1, engine_waiting=0) as url, ThreadPoolExecutor(1) as pool:
        running = pool.submit(httpx.post, url + CHAT, json=make_body(), timeout=20)
        assert engine.started.wait(DEADLINE)
        refused = httpx.post(url + CHAT, json=make_body(), timeout=20)
        engine.may_answer.set()
        assert running.result().status_code == 200
    assert (refused.status_code, error_of(refused)["type"]) == (429, "rate_limit_error")
    assert int(refused.headers["retry-after"]) >= 1


def test_the_timeout_of_the_client_is_a_504(front_door: str, engine: FakeEngine) -> None:
    engine.may_answer.clear()
    response = httpx.post(front_door + CHAT, json=make_body(), headers={"x-stainless-read-timeout": "0.2"})
    assert response.status_code == 504
    assert "0.2 s" in error_of(response)["message"]
    wait_until(lambda: engine.running == 0)


def test_each_base_model_is_called_at_its_own_engine(open_front_door: FrontDoor, engine: FakeEngine, engine_url: str) -> None:
    other = FakeEngine(model="huge")
    with serving(other.app()) as other_url, open_front_door(engines={"huge": [other_url], "tiny": [engine_url]}) as url:
        assert [model["id"] for model in httpx.get(f"{url}/v1/models").json()["data"]] == ["tiny", "huge"]
        for name in ("tiny", "huge", "huge"):
            assert httpx.post(url + CHAT, json={**make_body(), "model": name}).json()["model"] == name
    assert (len(engine.bodies), len(other.bodies)) == (1, 2)
