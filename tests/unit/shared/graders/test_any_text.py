"""Whatever users and models write: every grader returns a score within its range, or an error, and never raises."""

import asyncio
import math
import random
from typing import Any

import pytest

from shared.graders.bounds import bounds, is_binary
from shared.graders.check import parse_grader
from shared.graders.grade import grade
from shared.graders.outcome import GraderModels
from shared.graders.sample import Sample
from tests.unit.shared.graders.fake_models import FakeEmbedder

ODD = [
    "", " ", "\n\n", "Paris", "6.5 Nm", "-18", "\u221218 \u00b0C", "1,000", "1/0", "1e999", "-", ".", "$", "%", "\u00bd", "10-18", "NaN",
    "Infinity", "null", "[]", "{}", '{"a": 1}',
    "\u6771\u4eac\u90fd\u306b\u884c\u304f", "\u0645\u0631\u062d\u0628\u0627 \u0661\u0662\u0663", "\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35",
    "e\u0301\u0301\u0301", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\u202eabc", "\ud800",
    "\0", "a" * 5000, "1" * 5000, "\u00df\u0130\u01c5", "{{item.answers}}", "{{", "the", "a an the", "I don't know.",
    "The documents do not answer this question.", "C++", "?!", "x\u00b2",
]  # fmt: skip
TEXT = {"input": "{{sample.output_text}}", "reference": "{{item.answers}}"}
GRADERS: list[dict[str, Any]] = [
    *({"type": "string_check", "operation": operation, **TEXT} for operation in ("eq", "ne", "like", "ilike")),
    *({"type": "text_similarity", "evaluation_metric": metric, **TEXT} for metric in ("fuzzy_match", "bleu", "gleu", "meteor", "rouge_2",
    "rouge_l", "cosine")),
    *({"type": kind} for kind in ("exact_match", "f1", "contains", "numeric", "abstention")),
    {"type": "json_schema", "schema": {"type": ["object", "array", "null"]}},
    {"type": "multi", "graders": {"a": {"type": "f1", "name": "f"}, "b": {"type": "abstention", "name": "b"}},
    "calculate_output": "a ^ 0.5 - b / 2"},
]  # fmt: skip


@pytest.mark.parametrize("body", GRADERS, ids=lambda body: body.get("operation") or body.get("evaluation_metric") or body["type"])
def test_any_answer_gets_a_score_or_an_error(body: dict[str, Any]) -> None:
    grader = parse_grader({"name": "g", **body})
    limits, models, chance = bounds(grader), GraderModels(embedder=FakeEmbedder(), embedding_model="letters"), random.Random(0)
    assert limits is not None

    async def grade_all() -> None:
        for answer in ODD:
            accepted: Any = chance.choice([[], chance.choices(ODD, k=3), [answer], answer, None, 5, [1.5, None, {"a": []}]])
            given = await grade(grader, {"answers": accepted}, Sample(answer), models)
            if given.error is None:
                assert limits[0] <= given.score <= limits[1]
                assert not is_binary(grader) or given.score in (0.0, 1.0)
            else:
                assert math.isnan(given.score) and given.error_kind and given.error.endswith(".")

    asyncio.run(grade_all())


@pytest.mark.parametrize("kind", ["exact_match", "f1"])
@pytest.mark.parametrize("text", ODD, ids=lambda text: ascii(text[:20]))
def test_any_text_matches_itself(kind: str, text: str) -> None:
    given = asyncio.run(grade(parse_grader({"name": "g", "type": kind}), {"answers": [text]}, Sample(text), GraderModels()))
    assert given.score == 1.0
