"""Grounded prompts and word embeddings for the tests of this folder."""

import json
from collections.abc import Sequence
from typing import Any

from services.generation.grounding.ground import Abstention, GroundedPrompt, RetrievedContext, start_timings
from services.generation.grounding.prompt import PassageSelection
from services.generation.grounding.request import CHAT, GenerationRequest
from services.generation.grounding.rewrite import SearchQuery
from shared.contracts.chat import RetrievalOptions
from shared.contracts.search import SearchHit
from shared.errors import Unavailable
from tests.fake_retrieval import embed_words, make_hit

HITS = [make_hit("The seal is turquoise.", 0.9, page=3), make_hit("The hull is made of cedar.", 0.5, position=1)]


class WordEmbedder:
    """Embeds by words; one that is broken cannot."""

    def __init__(self, is_broken: bool = False) -> None:
        self.is_broken = is_broken
        self.embedded: list[list[str]] = []

    async def embed(self, store_id: str, texts: Sequence[str]) -> list[list[float]]:
        self.embedded.append(list(texts))
        if self.is_broken:
            raise Unavailable("gone")
        return [embed_words(text) for text in texts]


def make_context(
    hits: list[SearchHit] = HITS,
    path: str = CHAT,
    trace: bool = False,
    fields: Any = None,
    dropped: Sequence[SearchHit] = (),
    note: str | None = None,
    **options: Any,
) -> RetrievedContext:
    retrieval = RetrievalOptions(vector_store_ids=["vs_a"], **options)
    body = fields or {"messages": [{"role": "user", "content": "Why?"}], "prompt": "Why?"}
    request = GenerationRequest(path, b"", {"model": "tiny", **body}, "tiny", retrieval, trace=trace)
    selection = PassageSelection(hits, 7, list(dropped), "window")
    return RetrievedContext(request, retrieval, SearchQuery("Why?", note), [*hits, *dropped], selection, hits, start_timings())


def make_prompt(*args: Any, **options: Any) -> GroundedPrompt:
    return GroundedPrompt(make_context(*args, **options), json.dumps({"prompt": "The prompt. "}).encode())


def make_abstention(**options: Any) -> Abstention:
    return Abstention(make_context([], **options), "Nothing.")
