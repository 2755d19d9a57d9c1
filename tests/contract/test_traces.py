"""The worker's client reads the trace of an answer from documents as the front door writes it."""

import asyncio
from typing import Any

import httpx

from services.generation.contracts.grounding import Citation, Grounding, Trace, TraceHit
from shared.contracts.search import ChunkLocation
from shared.workers.api_client import ApiClient, ChatCompletion

CHUNK = ChunkLocation(position=0, start=0, end=9)


def make_hit(file: str, score: float, index: int | None) -> TraceHit:
    reason = None if index else "window"
    fields = {"file_id": f"file-{file}", "filename": f"{file}.md", "vector_store_id": "vs_1", "chunk_id": f"file-{file}:0"}
    return TraceHit.model_validate({**fields, "index": index, "score": score, "reason": reason})


def make_citation(file: str, score: float, index: int) -> Citation:
    fields = {"file_id": f"file-{file}", "filename": f"{file}.md", "vector_store_id": "vs_1", "chunk_id": f"file-{file}:0"}
    return Citation.model_validate({**fields, "index": index, "score": score, "text": f"Text of {file}.", "chunk": CHUNK})


def read(body: dict[str, Any]) -> ChatCompletion:
    async def run() -> ChatCompletion:
        transport = httpx.MockTransport(lambda _: httpx.Response(200, json=body))
        async with httpx.AsyncClient(transport=transport, base_url="http://front-door") as client:
            return await ApiClient(client).complete_chat({})

    return asyncio.run(run())


def test_hits_are_read_best_first_with_the_text_of_those_in_the_prompt_and_the_engines_seconds() -> None:
    trace = Trace(
        question="Which torque?",
        query="Which torque?",
        hits=[make_hit("a", 0.9, 2), make_hit("b", 0.8, None), make_hit("c", 0.7, 1)],
        context_tokens=20,
        prompt_sha256="0" * 64,
        timings_ms={"search": 12.5, "generate": 250.0},
    )
    citations = [make_citation("c", 0.7, 1), make_citation("a", 0.9, 2)]
    engine = {
        "choices": [{"index": 0, "message": {"role": "assistant", "content": "6.5 Nm"}, "finish_reason": "length"}],
        "usage": {"prompt_tokens": 40, "completion_tokens": 4},
    }
    completion = read({**engine, **Grounding(citations=citations, sentences=[], trace=trace).fields()})
    assert [(hit["file_id"], hit["filename"], hit["score"], hit["text"], hit["in_prompt"]) for hit in completion.retrieved] == [
        ("file-a", "a.md", 0.9, "Text of a.", True),
        ("file-b", "b.md", 0.8, "", False),
        ("file-c", "c.md", 0.7, "Text of c.", True),
    ]
    assert (completion.engine_seconds, completion.finish_reason, len(completion.citations)) == (0.25, "length", 2)
    plain = read({**engine, **Grounding(citations=citations, sentences=[]).fields()})
    assert (plain.engine_seconds, plain.retrieved) == (None, [])
