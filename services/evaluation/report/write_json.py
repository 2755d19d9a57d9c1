"""Writes a report as JSON with everything in it. The same comparison always gives the same bytes, so a stored report is recognized."""

import json
from typing import Any

from services.evaluation.arms.answer import ArmAnswer
from services.evaluation.report.content import Report, list_versions
from services.evaluation.statistics.bootstrap import RESAMPLES
from shared.datasets import Question

ANSWER_FIELDS = ("text", "scores", "seconds", "prompt_tokens", "completion_tokens", "citations")


def write_json(report: Report) -> bytes:
    """Return the whole report as JSON in UTF-8."""
    document = {
        "object": "comparison.report",
        "comparison": report.job.id,
        "name": report.spec.name,
        "created_at": report.job.created_at,
        "started_at": report.job.started_at,
        "headline": report.headline,
        "verdict": report.verdict.model_dump(),
        "arms": [arm.model_dump() for arm in report.summary.arms],
        "differences": [difference.model_dump() for difference in report.summary.differences],
        "settings": {**report.spec.model_dump(), "temperature": 0, "concurrency": report.concurrency, "resamples": RESAMPLES},
        "cost_unit": "money" if report.spec.prices else "tokens",
        "versions": list_versions(),
        "questions": [_describe(question, answers) for question, answers in report.answers_by_question],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode(errors="replace")


def _describe(question: Question, answers: list[ArmAnswer]) -> dict[str, Any]:
    arms = {answer.arm: {field: getattr(answer, field) for field in ANSWER_FIELDS} for answer in answers}
    return {"number": answers[0].question + 1, **question.model_dump(), "arms": arms}
