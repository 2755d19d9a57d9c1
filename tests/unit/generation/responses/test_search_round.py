import asyncio
from collections.abc import Sequence
from typing import Any

from services.generation.grounding.ground import GroundingDefaults, RetrievedContext
from services.generation.grounding.request import CHAT, GenerationRequest
from services.generation.grounding.template import BUILT_IN, Template
from services.generation.responses.search_round import SearchRound, search
from services.generation.responses.search_tool import SearchToolPolicy
from services.generation.responses.turn import Backends
from services.generation.serving.tokens import TokenCount
from shared.contracts.chat import RetrievalOptions
from shared.contracts.search import SearchHit, SearchRequest
from tests.fake_retrieval import make_hit

OPTIONS = RetrievalOptions(vector_store_ids=["vs_a"])
REQUEST = GenerationRequest(CHAT, b"", {"model": "tiny", "messages": [{"role": "user", "content": "How many arms?"}]}, "tiny", OPTIONS)


class FakeModel:
    """Counts one token for every character."""

    async def generate(self, path: str, body: bytes) -> Any:
        raise NotImplementedError

    async def count(self, fields: dict[str, Any]) -> TokenCount:
        return TokenCount(len(str(fields)), 100_000)

    async def control_tokens(self) -> frozenset[str]:
        return frozenset()


class FakeStore:
    """Finds one passage that has the query as its text."""

    async def search(self, store_id: str, request: SearchRequest) -> list[SearchHit]:
        return [make_hit(query, 0.9, position=len(query)) for query in request.queries if query != "nothing"]

    async def embed(self, store_id: str, texts: Sequence[str]) -> list[list[float]]:
        raise NotImplementedError


BACKENDS = Backends(FakeModel(), FakeStore(), GroundingDefaults(Template(BUILT_IN), "No."), SearchToolPolicy(enabled=True))


def run(query: str, earlier: RetrievedContext | None = None) -> SearchRound:
    return asyncio.run(search([query], REQUEST, OPTIONS, earlier, BACKENDS))


def test_a_search_returns_its_passages_for_the_model_to_read() -> None:
    found = run("Two arms.")
    assert "[1]" in found.text
    assert "Two arms." in found.text
    assert [hit.content[0].text for hit in found.passages] == ["Two arms."]
    assert (found.context.query.text, len(found.context.hits)) == ("Two arms.", 1)
    assert set(found.context.timings.ms) == {"search", "context"}


def test_a_later_search_continues_the_numbers_and_keeps_what_was_found() -> None:
    found = run("It floats.", run("Two arms.").context)
    assert "[2]" in found.text
    assert [hit.content[0].text for hit in found.passages] == ["It floats."]
    assert [hit.content[0].text for hit in found.context.passages] == ["Two arms.", "It floats."]
    assert found.context.query.text == "Two arms.\nIt floats."


def test_a_search_without_hits_has_no_text() -> None:
    assert run("nothing").text == ""
