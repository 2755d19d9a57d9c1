import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from services.generation.grounding import template
from services.generation.grounding.ground import Abstention, GroundedPrompt, GroundingDefaults, generate, ground, start_timings
from services.generation.grounding.request import CHAT, GenerationRequest
from services.generation.grounding.template import BUILT_IN, Template
from services.generation.http.reply import read_body
from shared.contracts.chat import RetrievalOptions
from shared.contracts.search import SearchHit, SearchRequest
from shared.errors import InvalidRequest
from tests.fake_retrieval import make_hit
from tests.unit.generation.grounding.memory_model import MemoryModel

pytestmark = pytest.mark.anyio
HITS = [make_hit("It has two arms.", 0.9), make_hit("word " * 200, 0.5, position=1)]
DEFAULTS = GroundingDefaults(Template(BUILT_IN), "Nothing was found.")


class MemorySearcher:
    """Finds the same hits in every store."""

    def __init__(self, hits: list[SearchHit]) -> None:
        self.hits = hits
        self.requests: list[SearchRequest] = []

    async def search(self, store_id: str, request: SearchRequest) -> list[SearchHit]:
        self.requests.append(request)
        return self.hits


async def run(
    hits: list[SearchHit] = HITS, model: MemoryModel | None = None, question: str = "How many arms?", **options: Any
) -> GroundedPrompt | Abstention:
    retrieval = RetrievalOptions(vector_store_ids=["vs_a"], **options)
    fields = {"model": "tiny", "messages": [{"role": "user", "content": question}]}
    request = GenerationRequest(CHAT, b"", fields, "tiny", retrieval)
    return await ground(request, retrieval, model or MemoryModel(), MemorySearcher(hits), DEFAULTS)


async def test_the_prompt_has_the_passages_and_the_context_says_how_it_was_made() -> None:
    grounded = await run()
    assert isinstance(grounded, GroundedPrompt)
    prompt = json.loads(grounded.body)["messages"][0]["content"]
    assert "It has two arms." in prompt
    assert prompt.endswith("Question: How many arms?")
    assert (grounded.context.query.text, grounded.context.hits, grounded.context.passages) == ("How many arms?", HITS, HITS)
    assert list(grounded.context.timings.ms) == ["query", "search", "context", "prompt"]
    assert len(grounded.sha256) == 64


async def test_dropped_passages_are_noted() -> None:
    grounded = await run(max_context_tokens=50)
    assert grounded.context.passages == HITS[:1]
    assert grounded.context.notes == [
        "1 of 2 passages were dropped, because not all fit into 'max_context_tokens' (50): the least relevant, and those that are too long."
    ]


async def test_without_hits_the_model_answers_the_question_alone() -> None:
    model = MemoryModel()
    await generate(await run([], model), model)
    assert model.bodies == [{"model": "tiny", "messages": [{"role": "user", "content": "How many arms?"}]}]


async def test_without_hits_an_abstention_calls_no_model() -> None:
    model = MemoryModel()
    grounded = await run([], model, on_empty="abstain")
    assert isinstance(grounded, Abstention)
    body = json.loads(await read_body(await generate(grounded, model)))
    assert (body["choices"][0]["message"]["content"], model.bodies) == ("Nothing was found.", [])


async def test_the_template_and_the_models_control_tokens_are_used() -> None:
    hits = [make_hit("A ~~x~~ B.", 1)]
    source = "{% for passage in passages %}{{ passage.text }}{% endfor %} {{ question }}"
    grounded = await run(hits, MemoryModel(control_tokens=frozenset({"~~x~~"})), prompt_template=source)
    assert isinstance(grounded, GroundedPrompt)
    assert json.loads(grounded.body)["messages"][0]["content"] == "A ~ ~x~~ B. How many arms?"


async def test_an_invalid_template_is_refused_before_the_search() -> None:
    with pytest.raises(InvalidRequest) as raised:
        await run(prompt_template="{{ question }}")
    assert raised.value.param == "prompt_template"


@pytest.mark.parametrize("slow", [{"prompt_template": BUILT_IN + "{{ 1 }}" * 100}, {"question": "How many arms? " * 2000}])
async def test_long_templates_and_questions_keep_no_other_request_waiting(slow: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    threads, generate_pieces = [], template._pieces

    def record(*arguments: Any) -> Iterator[str]:
        threads.append(threading.get_ident())
        return generate_pieces(*arguments)

    monkeypatch.setattr(template, "_pieces", record)
    monkeypatch.setattr(template, "_compile", template._compile.__wrapped__)
    await run(HITS[:1])
    here, threads[:] = set(threads), []
    await run(HITS[:1], **slow)
    assert here == {threading.get_ident()}
    assert threading.get_ident() != threads[0]


def test_a_step_ends_where_the_next_begins_and_earlier_values_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([10.0, 10.25, 11.0])
    monkeypatch.setattr(time, "perf_counter", lambda: next(clock))
    started = start_timings()
    searched = started.end_step("search")
    prompted = searched.end_step("prompt")
    assert (started.ms, searched.ms, prompted.ms) == ({}, {"search": 250.0}, {"search": 250.0, "prompt": 750.0})
