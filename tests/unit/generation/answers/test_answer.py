import json
from collections.abc import Sequence
from typing import Any

import pytest

from services.generation.answers.answer import answer
from services.generation.grounding.ground import GroundingDefaults
from services.generation.grounding.request import CHAT, GenerationRequest
from services.generation.grounding.template import BUILT_IN, Template
from services.generation.http.reply import read_body
from shared.contracts.chat import RetrievalOptions
from shared.contracts.search import SearchHit, SearchRequest
from shared.errors import InvalidRequest
from tests.unit.generation.answers.grounded_prompts import HITS, WordEmbedder
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
