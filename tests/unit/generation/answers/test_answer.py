import json
from collections.abc import AsyncGenerator, Sequence
from typing import Any

import pytest

from services.generation.answers.answer import answer, cite
from services.generation.grounding.ground import GroundedPrompt, GroundingDefaults
from services.generation.grounding.request import CHAT, COMPLETIONS, GenerationRequest
from services.generation.grounding.template import BUILT_IN, Template
from services.generation.http.reply import Reply, read_body
from shared.contracts.chat import RetrievalOptions
from shared.contracts.search import SearchHit, SearchRequest
from shared.errors import InvalidRequest
from tests.unit.generation.answers.grounded_prompts import HITS, WordEmbedder, make_abstention, make_prompt
from tests.unit.generation.grounding.memory_model import MemoryModel

pytestmark = pytest.mark.anyio
DEFAULTS = GroundingDefaults(Template(BUILT_IN), "Nothing was found.")


class MemoryRetriever(WordEmbedder):
    """Finds the same hits in every store, and embeds by words."""

    async def search(self, store_id: str, request: SearchRequest) -> list[SearchHit]:
        return HITS

    async def embed(self, store_id: str, texts: Sequence[str]) -> list[list[float]]:
        return await super().embed(store_id, texts)


async def run(**options: Any) -> dict[str, Any]:
    retrieval = RetrievalOptions(vector_store_ids=["vs_a"], **options)
    fields = {"model": "tiny", "messages": [{"role": "user", "content": "What color is the seal?"}]}
    request = GenerationRequest(CHAT, b"", fields, "tiny", retrieval)
    reply = await answer(request, retrieval, MemoryModel("The seal is turquoise [1]."), MemoryRetriever(), DEFAULTS)
    body: dict[str, Any] = json.loads(await read_body(reply))
    return body


async def test_an_answer_has_citations_of_the_passages_in_its_prompt() -> None:
    body = await run()
    assert [citation["text"] for citation in body["citations"]] == [hit.content[0].text for hit in HITS]
    assert [(span["start"], span["end"]) for span in body["citations"][0]["spans"]] == [(22, 25)]
    assert [sentence["supported"] for sentence in body["sentences"]] == [True]


async def test_an_error_in_an_option_names_it_as_the_caller_wrote_it() -> None:
    with pytest.raises(InvalidRequest) as raised:
        await run(prompt_template="{{ question }}")
    assert raised.value.param == "retrieval.prompt_template"


CHUNK = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 5, "model": "tiny", "choices": [{"delta": {"content": "é"}}]}
EVENT = b"data: " + json.dumps(CHUNK, ensure_ascii=False).encode() + b"\n\n"
DONE = b"data: [DONE]\n\n"
ANSWERS = [
    "The seal is turquoise [1]. The hull is cedar.\nBananas are blue [2, 9].",
    "",
    "[1]\n\n[7]",
    "Cedar [2][1] was used.",
]


class Closer:
    """Counts how often a reply was closed."""

    def __init__(self) -> None:
        self.times = 0

    async def __call__(self) -> None:
        self.times += 1


async def cut(body: bytes, size: int) -> AsyncGenerator[bytes, None]:
    for start in range(0, len(body), size):
        yield body[start : start + size]


def stream(body: bytes, size: int = 1000) -> Reply:
    return Reply(200, [("content-type", "text/event-stream; charset=utf-8")], cut(body, size), Closer())


def plain(body: Any) -> Reply:
    return Reply(200, [("content-type", "application/json")], json.dumps(body).encode())


def message(index: int, text: str | None) -> dict[str, Any]:
    return {"index": index, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}


def streamed(answers: Sequence[str], size: int) -> bytes:
    """Return the chunks of several answers at once, each of `size` characters."""
    events = []
    for start in range(0, max(map(len, answers)), size):
        for index, text in enumerate(answers):
            choice = {"index": index, "delta": {"content": text[start : start + size]}}
            events.append(b"data: " + json.dumps({**CHUNK, "choices": [choice]}).encode() + b"\n\n")
    return b"".join(events) + DONE


async def cited(answer: Any, prompt: GroundedPrompt | None = None, embedder: WordEmbedder | None = None) -> dict[str, Any]:
    body = {"id": "chatcmpl-1", "choices": answer if isinstance(answer, list) else [message(0, answer)]}
    fields: dict[str, Any] = json.loads(await read_body(await cite(plain(body), prompt or make_prompt(), embedder or WordEmbedder())))
    return fields


def spans(fields: dict[str, Any], number: int) -> list[tuple[int, int, int, str]]:
    return [(each["choice"], each["start"], each["end"], each["source"]) for each in fields["citations"][number - 1]["spans"]]


async def test_markers_become_citations_with_spans_in_the_answer_and_places_in_the_document() -> None:
    fields = await cited(ANSWERS[0])
    first, second = fields["citations"]
    assert (first["index"], first["file_id"], first["filename"], first["chunk_id"]) == (1, "file-a", "file-a.md", "file-a:0")
    assert (first["chunk"]["page"], first["chunk"]["start"], first["chunk"]["end"]) == (3, 0, len(HITS[0].content[0].text))
    assert (first["text"], first["score"], second["chunk_id"]) == ("The seal is turquoise.", 0.9, "file-a:1")
    assert spans(fields, 1) == [(0, 22, 25, "marker")]
    assert spans(fields, 2) == [(0, 63, 69, "marker"), (0, 27, 45, "alignment")]
    assert [ANSWERS[0][start:end] for _, start, end, _ in spans(fields, 2)] == ["[2, 9]", "The hull is cedar."]


async def test_every_sentence_has_a_support_and_one_that_no_passage_supports_is_flagged() -> None:
    first, second, third = (await cited(ANSWERS[0]))["sentences"]
    assert (first["passages"], first["unknown"], first["supported"]) == ([1], [], True)
    assert (second["passages"], second["supported"]) == ([2], True)
    assert (third["passages"], third["unknown"], third["supported"], third["support"] < 0.2) == ([2], [9], False, True)


@pytest.mark.parametrize("size", [1, 2, 3, 100])
@pytest.mark.parametrize("attribution", ["embeddings", "words", "none"])
async def test_a_streamed_answer_is_cited_like_a_plain_one_and_each_choice_separately(size: int, attribution: Any) -> None:
    prompt = make_prompt(attribution=attribution)
    plain_fields = await cited([message(index, answer) for index, answer in enumerate(ANSWERS)], prompt)
    body = await read_body(await cite(stream(streamed(ANSWERS, size), 7), prompt, WordEmbedder()))
    last = json.loads(body.removesuffix(DONE).rstrip().rpartition(b"data: ")[2])
    added = ("citations", "sentences", "abstained", "notes")
    assert {name: last[name] for name in added} == {name: plain_fields[name] for name in added}
    assert {span[0] for number in (1, 2) for span in spans(plain_fields, number)} == {0, 2, 3}
    assert {each["choice"] for each in plain_fields["sentences"]} == (set() if attribution == "none" else {0, 3})


async def test_without_attribution_only_what_the_model_marked_is_cited() -> None:
    fields = await cited(ANSWERS[0], make_prompt(attribution="none"))
    assert fields["sentences"] == []
    assert [span["support"] for span in fields["citations"][1]["spans"]] == [None]


@pytest.mark.parametrize("attribution", ["words", "none"])
async def test_nothing_is_embedded_unless_the_request_wants_it(attribution: Any) -> None:
    embedder = WordEmbedder()
    await cited(ANSWERS[0], make_prompt(attribution=attribution), embedder)
    assert embedder.embedded == []


async def test_all_sentences_and_passages_are_embedded_in_one_call() -> None:
    embedder = WordEmbedder()
    await cited([message(0, "Cedar [2]."), message(1, "Teal.")], embedder=embedder)
    assert embedder.embedded == [["Cedar .", "Teal.", "The seal is turquoise.", "The hull is made of cedar."]]


async def test_without_embeddings_words_decide_and_a_note_says_so() -> None:
    fields = await cited(ANSWERS[0], embedder=WordEmbedder(is_broken=True))
    assert [each["supported"] for each in fields["sentences"]] == [True, True, False]
    assert "embeddings were not available" in fields["notes"][0]


@pytest.mark.parametrize("answer", [None, "", "\n", [], [{"index": 0, "message": {"content": None, "tool_calls": [{"id": "call_1"}]}}]])
async def test_an_answer_without_text_cites_nothing(answer: Any) -> None:
    fields = await cited(answer)
    assert (fields["sentences"], spans(fields, 1), spans(fields, 2), fields["notes"]) == ([], [], [], [])


async def test_without_passages_every_sentence_is_unsupported() -> None:
    embedder = WordEmbedder()
    fields = await cited("The seal is teal [1].", make_prompt([]), embedder)
    assert (fields["citations"], embedder.embedded, fields["notes"]) == ([], [], [])
    assert [(each["supported"], each["unknown"]) for each in fields["sentences"]] == [(False, [1])]


async def test_a_completion_that_repeats_its_prompt_is_cited_for_the_text_after_it() -> None:
    fields = {"prompt": "Why?", "echo": True}
    completion = await cited([{"index": 0, "text": "The prompt. The seal is turquoise [1]."}], make_prompt(path=COMPLETIONS, fields=fields))
    assert spans(completion, 1) == [(0, 34, 37, "marker")]
    assert [each["start"] for each in completion["sentences"]] == [12]


async def test_the_trace_shows_how_the_answer_was_made() -> None:
    trace = (await cited("Teal.", make_prompt(trace=True)))["trace"]
    assert (trace["question"], trace["query"], trace["context_tokens"]) == ("Why?", "Why?", 7)
    assert [(hit["index"], hit["chunk_id"], hit["reason"]) for hit in trace["hits"]] == [(1, "file-a:0", None), (2, "file-a:1", None)]
    assert len(trace["prompt_sha256"]) == 64
    assert set(trace["timings_ms"]) == {"generate", "cite"}
    assert "trace" not in await cited("Teal.")


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 1000])
async def test_a_stream_gets_one_more_chunk_before_its_end_however_it_was_cut(size: int) -> None:
    body = await read_body(await cite(stream(EVENT * 3 + DONE, size), make_prompt(), WordEmbedder()))
    assert body.startswith(EVENT * 3)
    assert body.endswith(DONE)
    extra: dict[str, Any] = json.loads(body[len(EVENT * 3) : -len(DONE)].removeprefix(b"data: "))
    assert (extra["id"], extra["object"], extra["created"], extra["model"]) == ("chatcmpl-1", "chat.completion.chunk", 5, "tiny")
    assert extra["choices"] == []
    assert [citation["index"] for citation in extra["citations"]] == [1, 2]


async def test_a_stream_that_ends_with_an_error_is_well_formed() -> None:
    error = b'data: {"error": {"message": "gone", "type": "InternalServerError", "param": null, "code": 500}}\n\n'
    body = await read_body(await cite(stream(EVENT + error + DONE), make_prompt(), WordEmbedder()))
    events = body.removesuffix(b"\n\n").split(b"\n\n")
    assert events[:2] == [EVENT.strip(), error.strip()]
    assert json.loads(events[2].removeprefix(b"data: "))["citations"]
    assert events[3] == DONE.strip()


async def test_a_stream_of_only_an_error_gets_no_citations() -> None:
    error = b'data: {"error": {"message": "gone"}}\n\n'
    assert await read_body(await cite(stream(error + DONE), make_prompt(), WordEmbedder())) == error + DONE


async def test_citations_come_before_an_end_without_a_blank_line_too() -> None:
    body = await read_body(await cite(stream(EVENT + b"data: [DONE]"), make_prompt(), WordEmbedder()))
    assert b'"citations"' in body
    assert body.endswith(b"data: [DONE]")


async def test_a_plain_answer_gets_fields_and_a_new_content_length() -> None:
    answer = json.dumps({"id": "chatcmpl-1", "choices": [{"message": {"content": "é"}}]}).encode()
    headers = [("content-type", "application/json"), ("content-length", str(len(answer)))]
    reply = await cite(Reply(200, headers, answer), make_prompt(HITS[:1]), WordEmbedder())
    body = await read_body(reply)
    assert dict(reply.headers)["content-length"] == str(len(body))
    assert json.loads(body)["choices"] == [{"message": {"content": "é"}}]
    assert json.loads(body)["citations"][0]["text"] == "The seal is turquoise."


async def test_a_cited_stream_closes_the_engines_reply() -> None:
    closer = Closer()
    await read_body(await cite(Reply(200, [], cut(EVENT + DONE, 5), closer), make_prompt(), WordEmbedder()))
    assert closer.times == 1


async def test_an_abstention_is_not_compared_with_anything() -> None:
    embedder = WordEmbedder()
    body = await read_body(await cite(plain({"choices": [message(0, "Nothing.")]}), make_abstention(), embedder))
    fields = json.loads(body)
    assert (fields["abstained"], fields["citations"], fields["sentences"], embedder.embedded) == (True, [], [], [])
