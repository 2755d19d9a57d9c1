"""Writes a report as one HTML page. The same comparison always gives the same bytes, so a stored report is recognized.

Questions and answers are untrusted text: the template escapes all of it, and the page allows itself no script and no connection.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jinja2

from services.evaluation.arms.answer import ArmAnswer
from services.evaluation.report.axis import RIGHT, WIDTH
from services.evaluation.report.charts import TOP, build_charts
from services.evaluation.report.content import Report, list_versions
from services.evaluation.verdict.decide import list_shown_worse
from services.evaluation.verdict.format import capitalize, format_score, pluralize
from services.evaluation.verdict.labels import ARM_TITLES, GRADER_NAMES
from shared.contracts.comparisons import ArmName
from shared.datasets import Question

TEMPLATES = Path(__file__).parent / "templates"
MAX_QUESTIONS = 1000
MAX_CHARACTERS = 4000
CORRECT_FROM = 0.5  # the score from which an answer counts as correct
HEADING_SEPARATOR = " \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} "


def write_html(report: Report, max_questions: int = MAX_QUESTIONS) -> bytes:
    """Return the report as one HTML page in UTF-8, with the first `max_questions` questions."""
    page = (
        _open_templates()
        .get_template("report.html")
        .render(
            report=report,
            day=datetime.fromtimestamp(report.job.created_at, UTC),
            lead=capitalize(report.verdict.text.removeprefix(f"{report.headline}: ")),
            grader=report.summary.grader,
            charts=build_charts(report.summary, has_prices=report.spec.prices is not None),
            results=_describe_results(report),
            questions=[_describe_question(report, *entry) for entry in report.answers_by_question[:max_questions]],
            versions=list_versions(),
            space={"width": WIDTH, "right": RIGHT, "top": TOP},
            max_characters=MAX_CHARACTERS,
        )
    )
    return page.replace("\0", "\N{REPLACEMENT CHARACTER}").encode(errors="replace")


def _open_templates() -> jinja2.Environment:
    loader = jinja2.FileSystemLoader(TEMPLATES)
    templates = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    templates.globals.update(titles=ARM_TITLES, graders=GRADER_NAMES, pluralize=pluralize, describe_citation=_describe_citation)
    templates.filters.update(score=format_score)
    return templates


def _describe_question(report: Report, question: Question, answers: list[ArmAnswer]) -> dict[str, Any]:
    """Return a question as the page shows it; `filters` are those of the page's filters that select it."""
    is_correct = {answer.arm: answer.scores[report.summary.grader] >= CORRECT_FROM for answer in answers}
    main_arm = report.verdict.recommended or report.verdict.best
    filters = {"differ": len(set(is_correct.values())) > 1, "none": not any(is_correct.values()), "missed": not is_correct[main_arm]}
    return {"question": question, "answers": answers, "filters": [name for name, selects in filters.items() if selects]}


def _describe_citation(citation: dict[str, Any]) -> str:
    """Return where a cited passage comes from: file, page, headings, score."""
    chunk = citation.get("chunk") or {}
    page = f"page {chunk['page']}" if chunk.get("page") else ""
    parts = [str(citation.get("filename", "?")), page, HEADING_SEPARATOR.join(map(str, chunk.get("heading_path") or []))]
    score = citation.get("score")
    return " · ".join(filter(None, parts)) + (f" ({score:.2f})" if isinstance(score, int | float) else "")


def _describe_results(report: Report) -> dict[ArmName, str]:
    """Return each arm's result as the table shows it."""
    best, worse = report.verdict.best, list_shown_worse(report.summary, report.verdict.best)
    results = {arm.arm: "shown to be worse" if arm.arm in worse else "not shown to be worse" for arm in report.summary.arms}
    recommended = {report.verdict.recommended: "recommended"} if report.verdict.recommended else {}
    return {**results, best: "highest mean", **recommended}
