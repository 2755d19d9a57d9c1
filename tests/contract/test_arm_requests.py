"""The front door reads an arm's request as the arm means it: the search gets the question alone, and the passages go with the question."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from services.evaluation.arms.build import Arm, build_arms
from services.evaluation.arms.request import build_request
from services.generation.grounding.prompt import PromptStyle, write_prompt
from services.generation.grounding.request import CHAT, GenerationRequest, question, read_request
from services.generation.grounding.template import BUILT_IN, Template
from shared.contracts.search import ChunkLocation, SearchHit, TextContent
from shared.datasets import Question
from tests.unit.evaluation.arms.chats import make_chats
from tests.unit.evaluation.cases import make_spec

OWN = {"name": "rag-with-examples", "retrieval": {"max_num_results": 2}, "examples": 3}
CHAT_QUESTION = [
    {"role": "system", "content": "You sell pumps."},
    {"role": "user", "content": "Hello"},
    {"role": "assistant", "content": "Hi!"},
    {"role": "user", "content": "Which torque?"},
]
QUESTIONS = [
    Question.model_validate({"question": "Which torque?", "answers": []}),
    Question.model_validate({"messages": CHAT_QUESTION, "answers": []}),
]
HIT = SearchHit(
    file_id="file-1",
    filename="pumps.md",
    score=0.9,
    content=[TextContent(text="A pump needs 6.5 Nm.")],
    chunk=ChunkLocation(position=0, start=0, end=20),
    vector_store_id="vs_1",
)


@pytest.fixture
def arm() -> Arm:
    return build_arms(make_spec(arms=["base", OWN], instructions="Be brief."), make_chats(9))[1]


def receive(arm: Arm, asked: Question) -> GenerationRequest:
    async def chunks() -> AsyncIterator[bytes]:
        yield json.dumps(build_request(arm, asked, max_tokens=64, seed=0, cache_salt="cmp_1-main")).encode()

    return asyncio.run(read_request(chunks(), CHAT, max_bytes=100_000))


@pytest.mark.parametrize("asked", QUESTIONS)
def test_the_search_gets_the_question_without_examples_and_earlier_turns(arm: Arm, asked: Question) -> None:
    received = receive(arm, asked)
    assert question(received) == "Which torque?"
    assert received.retrieval
    assert (received.retrieval.vector_store_ids, received.retrieval.max_num_results, received.trace) == (["vs_1"], 2, True)


@pytest.mark.parametrize("asked", QUESTIONS)
def test_passages_change_the_last_message_only(arm: Arm, asked: Question) -> None:
    received = receive(arm, asked)
    fields = write_prompt(received, [HIT], PromptStyle(Template(BUILT_IN)))
    *earlier, last = fields["messages"]
    assert earlier == received.fields["messages"][:-1]
    assert earlier[0]["content"].startswith("Be brief.")
    assert [message["role"] for message in earlier[1:7]] == ["user", "assistant"] * 3
    assert "A pump needs 6.5 Nm." in last["content"]
    assert last["content"].endswith("Question: Which torque?")
    assert (fields["cache_salt"], "retrieval" in fields, "include" in fields) == ("cmp_1-main", False, False)
