"""The report of a comparison, in two forms: JSON with everything, and one HTML page that needs nothing else.

The same comparison always gives the same bytes, so a report that was stored before a worker died is recognised. Questions and answers
are text that nobody vouches for: the template escapes all of it, and the page allows itself no script and no connection.
"""

import json
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jinja2
import numpy as np

from services.evaluation.report.charts import RIGHT, TOP, WIDTH, draw_charts
from services.evaluation.statistics.bootstrap import RESAMPLES
from services.evaluation.statistics.summarize import Summary
from services.evaluation.verdict.decide import shown_worse
from services.evaluation.verdict.wording import HEADLINES, NO_DIFFERENCE, TITLES, count, number, score_name, sentence
from shared.contracts.comparisons import ArmName, ComparisonResult, ComparisonSpec, Verdict
from shared.datasets import Question
from shared.records.answers import Answer
from shared.records.jobs import Job

TEMPLATES = Path(__file__).parent / "templates"
MOST_QUESTIONS = 1000
MOST_CHARACTERS = 4000
RIGHT_FROM = 0.5
HEADINGS = " \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} "


@dataclass(frozen=True)
class Report:
    """A finished comparison: what was asked, how, what was answered, and what it shows. `answers` are graded, by question and arm."""

    job: Job
    spec: ComparisonSpec
    questions: Sequence[Question]
    answers: Sequence[Answer]
    summary: Summary
    verdict: Verdict
    concurrency: int

    @property
    def headline(self) -> str:
        """The verdict in a few words."""
        return HEADLINES[self.verdict.recommended] if self.verdict.recommended else NO_DIFFERENCE

    def result(self, report_json: str, report_html: str) -> ComparisonResult:
        """Return the job's result, which names the report's two files."""
        return ComparisonResult(
            questions=self.summary.questions,
            arms=self.summary.arms,
            differences=self.summary.differences,
            verdict=self.verdict,
            resamples=self.summary.resamples,
            seed=self.spec.seed,
            concurrency=self.concurrency,
            report_json=report_json,
            report_html=report_html,
        )


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
        "versions": _versions(),
        "questions": [_describe(question, answers) for question, answers in _by_question(report)],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode(errors="replace")


def write_html(report: Report) -> bytes:
    """Return the report as one HTML page in UTF-8."""
    page = (
        _open_templates()
        .get_template("report.html")
        .render(
            report=report,
            day=datetime.fromtimestamp(report.job.created_at, UTC),
            lead=sentence(report.verdict.text.removeprefix(f"{report.headline}: ")),
            grader=report.summary.grader,
            charts=draw_charts(report.summary, priced=report.spec.prices is not None),
            standing=_standing(report),
            questions=[_show(report, question, answers) for question, answers in _by_question(report)[:MOST_QUESTIONS]],
            versions=_versions(),
            space={"width": WIDTH, "right": RIGHT, "top": TOP},
            most_characters=MOST_CHARACTERS,
        )
    )
    return page.replace("\0", "\N{REPLACEMENT CHARACTER}").encode(errors="replace")


def _open_templates() -> jinja2.Environment:
    loader = jinja2.FileSystemLoader(TEMPLATES)
    templates = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    templates.globals.update(titles=TITLES, count=count, score_name=score_name, place=_place)
    templates.filters.update(number=number)
    return templates


def _by_question(report: Report) -> list[tuple[Question, list[Answer]]]:
    arms = len(report.summary.arms)
    return [(question, list(report.answers[index * arms : (index + 1) * arms])) for index, question in enumerate(report.questions)]


def _describe(question: Question, answers: list[Answer]) -> dict[str, Any]:
    fields = ("text", "scores", "seconds", "prompt_tokens", "completion_tokens", "citations")
    arms = {answer.arm: {field: getattr(answer, field) for field in fields} for answer in answers}
    return {"number": answers[0].question + 1, **question.model_dump(), "arms": arms}


def _show(report: Report, question: Question, answers: list[Answer]) -> dict[str, Any]:
    """Return a question as the page shows it; `kinds` are what it can be filtered by."""
    right = {answer.arm: answer.scores[report.summary.grader] >= RIGHT_FROM for answer in answers}
    judged = report.verdict.recommended or report.verdict.best
    kinds = {"differ": len(set(right.values())) > 1, "none": not any(right.values()), "missed": not right[judged]}
    return {"question": question, "answers": answers, "kinds": [kind for kind, applies in kinds.items() if applies]}


def _place(citation: dict[str, Any]) -> str:
    """Return where a passage stands: file, page, headings, score."""
    chunk = citation.get("chunk") or {}
    page = f"page {chunk['page']}" if chunk.get("page") else ""
    parts = [str(citation.get("filename", "?")), page, HEADINGS.join(map(str, chunk.get("heading_path") or []))]
    score = citation.get("score")
    return " · ".join(filter(None, parts)) + (f" ({score:.2f})" if isinstance(score, int | float) else "")


def _standing(report: Report) -> dict[ArmName, str]:
    """Return what the table says beside each arm."""
    best, worse = report.verdict.best, shown_worse(report.summary, report.verdict.best)
    standing = {arm.arm: "shown worse" if arm.arm in worse else "not shown worse" for arm in report.summary.arms}
    standing[best] = "highest mean"
    if report.verdict.recommended:
        standing[report.verdict.recommended] = "recommended"
    return standing


def _versions() -> dict[str, str]:
    return {"python": platform.python_version(), "numpy": np.__version__}
