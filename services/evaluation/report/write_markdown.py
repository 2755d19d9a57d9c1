"""Writes a report as Markdown, for a pull request, a wiki or a terminal. The same comparison always gives the same bytes."""

from services.evaluation.report.bundle.layout import hash_bundle
from services.evaluation.report.content import Report
from services.evaluation.report.facts import list_facts
from services.evaluation.report.format import format_day
from services.evaluation.report.markdown.answers import write_examples, write_questions
from services.evaluation.report.markdown.figures import write_arms, write_costs, write_differences, write_retrieval, write_tags
from services.evaluation.report.markdown.syntax import escape
from services.evaluation.report.markdown.trust import write_trust
from services.evaluation.report.method import describe_method, list_settings
from services.evaluation.report.next_steps import list_next_steps
from services.evaluation.verdict.evidence import Evidence
from services.evaluation.verdict.format import capitalize
from shared.contracts.comparison_results import ComparisonFindings

MAX_QUESTIONS = 1000


def write_markdown(evidence: Evidence, findings: ComparisonFindings, max_questions: int = MAX_QUESTIONS) -> bytes:
    """Return the report in UTF-8, with the first `max_questions` questions."""
    report = Report(evidence, findings)
    sections = [
        _write_verdict(report),
        write_arms(report),
        write_differences(report),
        write_costs(report),
        write_tags(report),
        write_retrieval(report),
        write_trust(report),
        write_examples(report),
        _write_steps(report),
        _write_method(report),
        write_questions(report, max_questions),
    ]
    return ("\n\n".join(section for section in sections if section) + "\n").encode(errors="replace")


def _write_verdict(report: Report) -> str:
    verdict = report.findings.verdict
    look = f" · look {verdict.look}" if verdict.look > 1 else ""
    notes = ["**No arm answers well.**"] * verdict.none_answers_well + [f"**Note:** {escape(warning)}" for warning in verdict.warnings]
    facts = [f"- {escape(fact.label)}: **{fact.value}**{f' ({escape(fact.note)})' if fact.note else ''}" for fact in list_facts(report)]
    header = f"Tandem comparison · {escape(report.title)} · {format_day(report.evidence.created_at)}{look}"
    return "\n\n".join([f"# {escape(report.headline)}", header, escape(capitalize(report.lead)), *notes, "\n".join(facts)])


def _write_steps(report: Report) -> str:
    steps = [f"{number}. **{escape(step.action)}** {escape(step.reason)}" for number, step in enumerate(list_next_steps(report), start=1)]
    return "## What to try next\n\n" + "\n".join(steps) if steps else ""


def _write_method(report: Report) -> str:
    settings = [f"- {escape(term)}: {escape(value)}" for term, value in list_settings(report)]
    digest = f"- Bundle: `{hash_bundle(report.evidence, report.findings)}` (SHA-256 of its manifest)"
    return "\n\n".join(["## Method", escape(describe_method(report)), "\n".join([*settings, digest])])
