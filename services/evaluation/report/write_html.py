"""Writes a report as one HTML page. The same comparison always gives the same bytes, so a stored report is recognized.

Questions, answers and names are untrusted text: the template escapes all of it, and the page allows itself no script and no connection.
"""

import json
import re
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup
from pydantic_core import to_jsonable_python

from services.evaluation.report.bundle.layout import hash_bundle
from services.evaluation.report.charts.costs import chart_costs
from services.evaluation.report.charts.intervals import chart_differences, chart_scores, split_pairs, style_arm
from services.evaluation.report.content import Entry, Report, list_accepted, title_grader
from services.evaluation.report.diagnosis import diagnose
from services.evaluation.report.examples import choose_examples
from services.evaluation.report.facts import (
    RESULTS,
    explain_abstentions,
    explain_flips,
    explain_seeds,
    find_result,
    list_facts,
    list_seed_ranges,
    name_cost,
)
from services.evaluation.report.format import (
    format_cost,
    format_day,
    format_number,
    format_range,
    format_score,
    format_seconds,
    format_share,
    shorten,
)
from services.evaluation.report.method import describe_method, list_settings
from services.evaluation.report.next_steps import list_next_steps
from services.evaluation.verdict.evidence import Evidence
from services.evaluation.verdict.format import capitalize, pluralize
from services.evaluation.verdict.labels import title_arm
from shared.contracts.comparison_results import ComparisonFindings

TEMPLATES = Path(__file__).parent / "templates"
MAX_QUESTIONS = 1000
MAX_CHARACTERS, MIN_CHARACTERS = 4000, 300  # of an answer
ALL_CHARACTERS = 12_000_000  # of all answers together, if each has its maximum
MAX_TAGS = 20
MAX_LISTED = 50


def write_html(evidence: Evidence, findings: ComparisonFindings, max_questions: int = MAX_QUESTIONS) -> bytes:
    """Return the report as one HTML page in UTF-8, with the first `max_questions` questions."""
    report = Report(evidence, findings)
    page = (
        _open_templates(report)
        .get_template("report.html")
        .render(
            report=report,
            bundle_hash=hash_bundle(evidence, findings),
            **_describe_arms(report),
            **_describe_trust(report),
            **_describe_reading(report),
            **_describe_questions(report, max_questions),
        )
    )
    return page.replace("\0", "\N{REPLACEMENT CHARACTER}").encode(errors="replace")


def _open_templates(report: Report) -> jinja2.Environment:
    loader = jinja2.FileSystemLoader(TEMPLATES)
    templates = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    templates.globals.update(title=title_arm, pluralize=pluralize, accepted=list_accepted, describe_passage=_describe_passage)
    templates.filters.update(
        score=format_score,
        share=format_share,
        number=format_number,
        seconds=format_seconds,
        plain_seconds=lambda value: format_seconds(value).removesuffix(" s"),
        cost=lambda value: format_cost(value, has_prices=report.has_prices),
        shorten=shorten,
        breakable=_mark_breaks,
    )
    return templates


def _mark_breaks(name: str) -> Markup:
    """Return a name that may be broken after each underscore and colon, as after a hyphen."""
    return Markup("<wbr>").join(re.split(r"(?<=[_:])", name))


def _describe_arms(report: Report) -> dict[str, Any]:
    """Return what the verdict and the sections of arms, costs and tags show."""
    main_pairs, other_pairs = split_pairs(report)
    charts = {
        "scores": chart_scores(report),
        "main_pairs": chart_differences(report, main_pairs),
        "other_pairs": chart_differences(report, other_pairs),
        "costs": chart_costs(report),
    }
    return {
        "day": format_day(report.evidence.created_at),
        "lead": capitalize(report.lead),
        "facts": list_facts(report),
        "charts": charts,
        "styles": {report.numbers[arm.arm]: style_arm(report, arm.arm) for arm in report.findings.arms},
        "titles": [(number, title_arm(arm)) for arm, number in report.numbers.items()],
        "results": {arm: RESULTS[find_result(report, arm)] for arm in report.numbers},
        "cost_title": name_cost(report),
        "graders_rows": _make_grader_rows(report),
        "tag_rows": _make_tag_rows(report),
        "max_tags": MAX_TAGS,
        "diagnoses": diagnose(report),
    }


def _make_grader_rows(report: Report) -> list[dict[str, Any]]:
    return [
        {
            "label": title_grader(grader),
            "note": "decides" if grader == report.grader else "",
            "cells": [
                (
                    report.numbers[arm.arm],
                    format_score(arm.scores.get(grader)),
                    format_range(*arm.intervals[grader]) if grader in arm.intervals else "",
                )
                for arm in report.findings.arms
            ],
        }
        for grader in report.graders
    ]


def _make_tag_rows(report: Report) -> list[dict[str, Any]]:
    scores = {arm.arm: {tag.tag: tag for tag in arm.tags} for arm in report.findings.arms}
    sizes = {tag.tag: tag.questions for tags in scores.values() for tag in tags.values()}
    return [
        {
            "label": tag,
            "note": pluralize(sizes[tag], "question"),
            "cells": [
                (report.numbers[arm], format_score(tags[tag].mean), format_range(*tags[tag].interval))
                if tag in tags
                else (report.numbers[arm], format_score(None), "")
                for arm, tags in scores.items()
            ],
        }
        for tag in report.tags
    ]


def _describe_trust(report: Report) -> dict[str, Any]:
    """Return what the section on seeds, leaks and failures shows."""
    return {
        "seeds_text": explain_seeds(report),
        "flips_text": explain_flips(report),
        "abstentions": explain_abstentions(report),
        "seed_ranges": list_seed_ranges(report),
        "left_out_leaks": sum(leak.left_out for leak in report.findings.leaked),
        "failed_arms": [arm for arm in report.findings.arms if arm.failures.own or arm.failures.infrastructure],
        "failures": [answer for answer in report.evidence.answers if answer.failure],
        "max_listed": MAX_LISTED,
    }


def _describe_reading(report: Report) -> dict[str, Any]:
    """Return what the sections on examples, next steps and the method show."""
    arms = [(title_arm(arm.name), to_jsonable_python(arm, inf_nan_mode="constants")) for arm in report.evidence.arms]
    return {
        "examples": choose_examples(report),
        "steps": list_next_steps(report),
        "method": describe_method(report),
        "settings": list_settings(report),
        "arm_settings": [(name, json.dumps(settings, ensure_ascii=False, indent=1)) for name, settings in arms],
    }


def _describe_questions(report: Report, max_questions: int) -> dict[str, Any]:
    """Return the questions that the page shows, with the names of the page's filters that select each."""
    shown = report.entries[:max_questions]
    answers = max(1, len(shown) * len(report.findings.arms))
    return {
        "questions": [(entry, _list_filters(report, entry)) for entry in shown],
        "max_characters": max(MIN_CHARACTERS, min(MAX_CHARACTERS, ALL_CHARACTERS // answers)),
    }


def _list_filters(report: Report, entry: Entry) -> str:
    right = {answer.arm: report.is_right(answer) for answer in entry.answers}
    filters = {"differ": len(set(right.values())) > 1, "none": not any(right.values()), "missed": not right.get(report.main, False)}
    return " ".join(name for name, selects in filters.items() if selects)


def _describe_passage(passage: dict[str, Any]) -> str:
    """Return where a retrieved passage comes from, its score, and how it begins."""
    score = passage.get("score")
    text = str(passage.get("text") or "")
    parts = [str(passage.get("filename") or "?"), f"{score:.2f}" if isinstance(score, int | float) else "", shorten(text, 200)]
    return " · ".join(filter(None, parts))
