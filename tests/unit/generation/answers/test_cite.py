import json
from collections.abc import AsyncGenerator, Sequence
from typing import Any

import pytest

from services.generation.answers.cite import cite
from services.generation.grounding.context import Fitted
from services.generation.grounding.ground import Ground
from services.generation.grounding.request import CHAT, COMPLETIONS, GenerationRequest
from services.generation.grounding.rewrite import Query
from services.generation.http.relay import Reply
from shared.contracts.chat import RetrievalOptions
from shared.contracts.search import SearchHit
from shared.errors import Unavailable
from tests.fakes import embed_words, make_hit

pytestmark = pytest.mark.anyio
HITS = [make_hit("The seal is turquoise.", 0.9, page=3), make_hit("The hull is made of cedar.", 0.5, position=1)]
CHUNK = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 5, "model": "tiny", "choices": [{"delta": {"content": "é"}}]}
EVENT = b"data: " + json.dumps(CHUNK, ensure_ascii=False).encode() + b"\n\n"
DONE = b"data: [DONE]\n\n"
ANSWERS = [
    "The seal is turquoise [1]. The hull is cedar.\nBananas are blue [2, 9].",
    "",
    "[1]\n\n[7]",
    "Cedar [2][1] was used.",
]


class Closing:
    """TokenCounter how often a reply was closed."""

    def __init__(self) -> None:
        self.times = 0

    async def __call__(self) -> None:
        self.times += 1


class Stores:
    """Embedder by words; `broken` cannot."""

    def __init__(self, broken: bool = False) -> None:
        self.broken = broken
        self.embedded: list[list[str]] = []

    async def embed(self, store_id: str, texts: Sequence[str]) -> list[list[float]]:
        self.embedded.append(list(texts))
        if self.broken:
            raise Unavailable("gone")
        return [embed_words(text) for text in texts]


def grounded(hits: list[SearchHit] = HITS, path: str = CHAT, trace: bool = False, fields: Any = None, **options: Any) -> Ground:
    wanted = RetrievalOptions(vector_store_ids=["vs_a"], **options)
    said = fields or {"messages": [{"role": "user", "content": "Why?"}], "prompt": "Why?"}
    asked = GenerationRequest(path, b"", {"model": "tiny", **said}, "tiny", wanted, trace=trace)
    body = json.dumps({"prompt": "The prompt. "}).encode()
    return Ground(asked, wanted, Query("Why?"), hits, Fitted(hits, 7, [], "window"), hits, body, "Nothing.")


async def pieces(whole: bytes, size: int) -> AsyncGenerator[bytes, None]:
    for start in range(0, len(whole), size):
        yield whole[start : start + size]


def stream(whole: bytes, size: int = 1000) -> Reply:
    return Reply(200, [("content-type", "text/event-stream; charset=utf-8")], pieces(whole, size), Closing())


def plain(body: Any) -> Reply:
    return Reply(200, [("content-type", "application/json")], pieces(json.dumps(body).encode(), 5), Closing())


async def read(reply: Reply) -> bytes:
    return b"".join([chunk async for chunk in reply.chunks])


def message(index: int, text: str | None) -> dict[str, Any]:
    return {"index": index, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}


def streamed(answers: Sequence[str], size: int) -> bytes:
    """Return the chunks of several answers at once, each of `size` characters."""
    events = []
    for start in range(0, max(len(answer) for answer in answers), size):
        for index, answer in enumerate(answers):
            choice = {"index": index, "delta": {"content": answer[start : start + size]}}
            events.append(b"data: " + json.dumps({**CHUNK, "choices": [choice]}).encode() + b"\n\n")
    return b"".join(events) + DONE


async def cited(answer: Any, ground: Ground | None = None, stores: Stores | None = None) -> dict[str, Any]:
    body = {"id": "chatcmpl-1", "choices": answer if isinstance(answer, list) else [message(0, answer)]}
    fields: dict[str, Any] = json.loads(await read(await cite(plain(body), ground or grounded(), stores or Stores())))
    return fields


def spans(fields: dict[str, Any], number: int) -> list[tuple[int, int, int, str]]:
    return [(each["choice"], each["start"], each["end"], each["source"]) for each in fields["citations"][number - 1]["spans"]]


async def test_markers_become_citations_with_their_places_in_answer_and_document() -> None:
    fields = await cited(ANSWERS[0])
    first, second = fields["citations"]
    assert (first["index"], first["file_id"], first["filename"], first["chunk_id"]) == (1, "file-a", "file-a.md", "file-a:0")
    assert (first["chunk"]["page"], first["chunk"]["start"], first["chunk"]["end"]) == (3, 0, len(HITS[0].content[0].text))
    assert (first["text"], first["score"], second["chunk_id"]) == ("The seal is turquoise.", 0.9, "file-a:1")
    assert spans(fields, 1) == [(0, 22, 25, "marker")]
    assert spans(fields, 2) == [(0, 63, 69, "marker"), (0, 27, 45, "alignment")]
    assert [ANSWERS[0][start:end] for _, start, end, _ in spans(fields, 2)] == ["[2, 9]", "The hull is cedar."]


async def test_every_sentence_has_its_support_and_what_no_passage_says_is_flagged() -> None:
    first, second, third = (await cited(ANSWERS[0]))["sentences"]
    assert (first["passages"], first["unknown"], first["supported"]) == ([1], [], True)
    assert (second["passages"], second["supported"]) == ([2], True)
    assert (third["passages"], third["unknown"], third["supported"], third["support"] < 0.2) == ([2], [9], False, True)


@pytest.mark.parametrize("size", [1, 2, 3, 100])
@pytest.mark.parametrize("attribution", ["embeddings", "words", "none"])
async def test_streamed_and_plain_answers_rest_on_the_same_each_choice_on_its_own(size: int, attribution: Any) -> None:
    ground = grounded(attribution=attribution)
    whole = await cited([message(index, answer) for index, answer in enumerate(ANSWERS)], ground)
    said = await read(await cite(stream(streamed(ANSWERS, size), 7), ground, Stores()))
    last = json.loads(said.removesuffix(DONE).rstrip().rpartition(b"data: ")[2])
    ours = ("citations", "sentences", "abstained", "notes")
    assert {name: last[name] for name in ours} == {name: whole[name] for name in ours}
    assert {span[0] for number in (1, 2) for span in spans(whole, number)} == {0, 2, 3}
    assert {each["choice"] for each in whole["sentences"]} == (set() if attribution == "none" else {0, 3})


async def test_without_attribution_only_what_the_model_marked_is_cited() -> None:
    fields = await cited(ANSWERS[0], grounded(attribution="none"))
    assert fields["sentences"] == []
    assert [span["support"] for span in fields["citations"][1]["spans"]] == [None]


@pytest.mark.parametrize("attribution", ["words", "none"])
async def test_embeddings_are_asked_for_only_where_they_are_wanted(attribution: Any) -> None:
    stores = Stores()
    await cited(ANSWERS[0], grounded(attribution=attribution), stores)
    assert stores.embedded == []


async def test_all_sentences_and_passages_are_embedded_in_one_call() -> None:
    stores = Stores()
    await cited([message(0, "Cedar [2]."), message(1, "Teal.")], stores=stores)
    assert stores.embedded == [["Cedar .", "Teal.", "The seal is turquoise.", "The hull is made of cedar."]]


async def test_where_embeddings_cannot_be_had_words_decide_and_a_note_says_so() -> None:
    fields = await cited(ANSWERS[0], stores=Stores(broken=True))
    assert [each["supported"] for each in fields["sentences"]] == [True, True, False]
    assert "embeddings could not be had" in fields["notes"][0]


@pytest.mark.parametrize("answer", [None, "", "\n", [], [{"index": 0, "message": {"content": None, "tool_calls": [{"id": "call_1"}]}}]])
async def test_an_answer_without_text_cites_nothing(answer: Any) -> None:
    fields = await cited(answer)
    assert (fields["sentences"], spans(fields, 1), spans(fields, 2), fields["notes"]) == ([], [], [], [])


async def test_without_passages_every_sentence_is_unsupported() -> None:
    stores = Stores()
    fields = await cited("The seal is teal [1].", grounded([]), stores)
    assert (fields["citations"], stores.embedded, fields["notes"]) == ([], [], [])
    assert [(each["supported"], each["unknown"]) for each in fields["sentences"]] == [(False, [1])]


async def test_a_completion_that_says_its_prompt_again_is_cited_for_what_comes_after() -> None:
    fields = {"prompt": "Why?", "echo": True}
    said = await cited([{"index": 0, "text": "The prompt. The seal is turquoise [1]."}], grounded(path=COMPLETIONS, fields=fields))
    assert spans(said, 1) == [(0, 34, 37, "marker")]
    assert [each["start"] for each in said["sentences"]] == [12]


async def test_the_trace_says_how_the_answer_came_about() -> None:
    trace = (await cited("Teal.", grounded(trace=True)))["trace"]
    assert (trace["question"], trace["query"], trace["context_tokens"]) == ("Why?", "Why?", 7)
    assert [(hit["index"], hit["chunk_id"], hit["reason"]) for hit in trace["hits"]] == [(1, "file-a:0", None), (2, "file-a:1", None)]
    assert len(trace["prompt_sha256"]) == 64
    assert set(trace["timings_ms"]) == {"generate", "cite"}
    assert "trace" not in await cited("Teal.")


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 1000])
async def test_the_stream_is_passed_along_with_one_chunk_before_its_end_however_it_was_cut(size: int) -> None:
    said = await read(await cite(stream(EVENT * 3 + DONE, size), grounded(), Stores()))
    assert said.startswith(EVENT * 3)
    assert said.endswith(DONE)
    extra: dict[str, Any] = json.loads(said[len(EVENT * 3) : -len(DONE)].removeprefix(b"data: "))
    assert (extra["id"], extra["object"], extra["created"], extra["model"]) == ("chatcmpl-1", "chat.completion.chunk", 5, "tiny")
    assert extra["choices"] == []
    assert [citation["index"] for citation in extra["citations"]] == [1, 2]


async def test_a_stream_that_ends_with_an_error_stays_well_formed() -> None:
    error = b'data: {"error": {"message": "gone", "type": "InternalServerError", "param": null, "code": 500}}\n\n'
    said = await read(await cite(stream(EVENT + error + DONE), grounded(), Stores()))
    events = said.removesuffix(b"\n\n").split(b"\n\n")
    assert events[:2] == [EVENT.strip(), error.strip()]
    assert json.loads(events[2].removeprefix(b"data: "))["citations"]
    assert events[3] == DONE.strip()


async def test_a_stream_of_nothing_but_an_error_gets_no_citations() -> None:
    error = b'data: {"error": {"message": "gone"}}\n\n'
    assert await read(await cite(stream(error + DONE), grounded(), Stores())) == error + DONE


async def test_an_end_without_its_blank_line_still_has_the_citations_before_it() -> None:
    said = await read(await cite(stream(EVENT + b"data: [DONE]"), grounded(), Stores()))
    assert b'"citations"' in said
    assert said.endswith(b"data: [DONE]")


async def test_a_plain_answer_gets_fields_and_its_new_length() -> None:
    closing = Closing()
    body = json.dumps({"id": "chatcmpl-1", "choices": [{"message": {"content": "é"}}]}).encode()
    headers = [("content-type", "application/json"), ("content-length", str(len(body)))]
    reply = await cite(Reply(200, headers, pieces(body, 5), closing), grounded(HITS[:1]), Stores())
    said = await read(reply)
    assert dict(reply.headers)["content-length"] == str(len(said))
    assert json.loads(said)["choices"] == [{"message": {"content": "é"}}]
    assert json.loads(said)["citations"][0]["text"] == "The seal is turquoise."
    assert closing.times == 1
