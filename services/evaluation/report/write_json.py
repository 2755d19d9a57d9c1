"""Writes a report as JSON with everything: the findings, the settings, and every question with every answer in full."""

import json
from typing import Any

from pydantic_core import to_jsonable_python

from services.evaluation.report.bundle.layout import hash_bundle
from services.evaluation.report.content import Entry, Report
from services.evaluation.report.diagnosis import diagnose
from services.evaluation.report.examples import Example, choose_examples
from services.evaluation.report.method import describe_method
from services.evaluation.report.next_steps import list_next_steps
from services.evaluation.verdict.evidence import Evidence
from services.evaluation.verdict.labels import title_arm
from shared.contracts.comparison_results import ComparisonFindings


def write_json(evidence: Evidence, findings: ComparisonFindings) -> bytes:
    """Return the report in UTF-8. A number that is not finite is null."""
    report = Report(evidence, findings)
    document = {
        "comparison": evidence.job_id,
        "name": evidence.spec.name,
        "created_at": evidence.created_at,
        "headline": report.headline,
        "findings": findings,
        "arms": [{"number": report.numbers.get(arm.name), "title": title_arm(arm.name), "settings": arm} for arm in evidence.arms],
        "retrieval": [{"arm": found.arm, "cause": found.cause, "text": found.sentence} for found in diagnose(report)],
        "examples": _list_examples(report),
        "next_steps": list_next_steps(report),
        "method": describe_method(report),
        "settings": evidence.spec,
        "versions": evidence.versions,
        "data_sha256": evidence.data,
        "bundle_sha256": hash_bundle(evidence, findings),
        "questions": [_describe_entry(evidence, entry) for entry in report.entries],
    }
    plain = to_jsonable_python(document, inf_nan_mode="null")
    return (json.dumps(_drop_not_finite(plain), ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode(errors="replace")


def _drop_not_finite(value: Any) -> Any:
    """Return the value with null for nan and the infinities, which pydantic keeps in nested values."""
    if isinstance(value, dict):
        return {key: _drop_not_finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_drop_not_finite(item) for item in value]
    return None if isinstance(value, float) and (value != value or value in (float("inf"), -float("inf"))) else value


def _list_examples(report: Report) -> dict[str, Any]:
    examples = choose_examples(report)
    return {
        "arm": report.main,
        "rival": report.rival,
        "wins": examples.wins,
        "losses": examples.losses,
        "ties": examples.ties,
        "for": [_describe_example(example) for example in examples.shown_for],
        "against": [_describe_example(example) for example in examples.shown_against],
    }


def _describe_example(example: Example) -> dict[str, Any]:
    return {"question": example.entry.number, "difference": example.difference}


def _describe_entry(evidence: Evidence, entry: Entry) -> dict[str, Any]:
    """Return a question with its line's fields, and every arm's answer."""
    return {
        "number": entry.number,
        **entry.question.model_dump(mode="json", include={"id", "question", "messages", "answers", "contexts", "tags"}),
        "cluster": evidence.clusters[entry.number - 1],
        "results": entry.answers,
    }
