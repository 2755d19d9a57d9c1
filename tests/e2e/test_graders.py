"""Graders that are models, by the real engine: the output is constrained, and what still cannot be used is an error."""

import asyncio
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from shared.graders.check import parse_grader
from shared.graders.grade import grade
from shared.graders.outcome import Grade, GraderModels
from shared.graders.sample import Sample
from tests.e2e.stack import Stack

ITEMS = [
    {"question": "What is the capital of France?", "answers": ["Paris"]},
    {"question": "How many days has a week?", "answers": ["7", "seven"]},
    {"question": "Which color has the sky?", "answers": ["blue"]},
]
PROMPT = "Question: {{item.question}}\n\nReference: {{item.answers}}\n\nAnswer: {{sample.output_text}}"
INPUT = [{"role": "system", "content": "Grade the answer. Be brief."}, {"role": "user", "content": PROMPT}]


@dataclass(frozen=True)
class Completion:
    text: str
    prompt_tokens: int
    completion_tokens: int


@dataclass(frozen=True)
class Api:
    """The API as graders see it."""

    client: httpx.AsyncClient

    async def complete_chat(self, request: dict[str, Any]) -> Completion:
        body = (await self.client.post("/chat/completions", json=request)).raise_for_status().json()
        usage = body["usage"]
        return Completion(body["choices"][0]["message"]["content"] or "", usage["prompt_tokens"], usage["completion_tokens"])

    async def embed(self, texts: Sequence[str], model: str) -> list[list[float]]:
        body = (await self.client.post("/embeddings", json={"model": model, "input": list(texts)})).raise_for_status().json()
        return [each["embedding"] for each in body["data"]]


def judge(base: str, **more: Any) -> dict[str, Any]:
    return {"name": "judge", "model": base, "input": INPUT, "sampling_params": {"max_completions_tokens": 400}, **more}


async def grade_all(stack: Stack, body: dict[str, Any], answers: Sequence[str], embedding_model: str | None = None) -> list[Grade]:
    async with httpx.AsyncClient(base_url=stack.base_url, timeout=300) as client:
        models = GraderModels(Api(client), Api(client), embedding_model)
        grader = parse_grader(body)
        return list(await asyncio.gather(*(grade(grader, item, Sample(text), models) for item, text in zip(ITEMS, answers, strict=True))))


def test_a_score_of_the_engine_is_within_the_range_or_an_error(stack: Stack, base: str) -> None:
    grades = asyncio.run(grade_all(stack, judge(base, type="score_model", range=[1, 5]), ["Paris", "7", "green"]))
    for each in grades:
        assert each.usage[base].completion_tokens > 0
        if each.error is None:
            assert 1 <= each.score <= 5
        else:
            assert each.error_kind == "model_grader_parse_error" and math.isnan(each.score)
    assert any(each.error is None for each in grades), grades[0].error


def test_a_label_of_the_engine_is_one_of_the_labels(stack: Stack, base: str) -> None:
    labels = ["correct", "wrong", "nobody can say"]
    grades = asyncio.run(
        grade_all(stack, judge(base, type="label_model", labels=labels, passing_labels=labels[:1]), ["Paris", "7", "green"])
    )
    assert all(each.label in labels for each in grades if each.error is None)
    assert any(each.error is None for each in grades), grades[0].error


def test_a_cosine_by_the_embedder_of_the_documents_ranks_meaning(stack: Stack, http: httpx.Client) -> None:
    model = "all-MiniLM-L6-v2"
    body = {
        "type": "text_similarity",
        "name": "c",
        "input": "{{sample.output_text}}",
        "reference": "{{item.question}}",
        "evaluation_metric": "cosine",
    }
    same, near, far = asyncio.run(
        grade_all(stack, body, ["What is the capital of France?", "A week has how many days?", "Torque wrench"], model)
    )
    assert same.score == pytest.approx(1, abs=1e-3)
    assert same.score > near.score > 0.7 > 0.4 > far.score
