"""How far to trust a comparison, in Markdown: judges, seeds, answers that change, leaked questions, failed answers."""

from services.evaluation.arms.answer import ArmAnswer, Failure
from services.evaluation.report.content import Report
from services.evaluation.report.facts import explain_abstentions, explain_flips, explain_seeds, list_seed_ranges
from services.evaluation.report.format import format_score, format_share, shorten
from services.evaluation.report.markdown.syntax import escape, write_table
from services.evaluation.verdict.format import pluralize
from services.evaluation.verdict.labels import title_arm
from shared.contracts.comparison_results import LeakedQuestion

MAX_LISTED = 50
MAX_CHARACTERS = 200  # of a question or a message


def write_trust(report: Report) -> str:
    """Return how far to trust the comparison; nothing if there are none."""
    parts = [
        "## How far to trust it",
        _write_judges(report),
        _write_seeds(report),
        _write_flips(report),
        _write_abstentions(report),
        _write_leaks(report),
        _write_failures(report),
    ]
    return "\n\n".join(filter(None, parts))


def _write_judges(report: Report) -> str:
    rows = [
        [
            escape(judge.grader),
            escape(judge.model),
            str(judge.judged),
            format_share(judge.consistency),
            format_score(judge.agreement),
            format_share(judge.unparseable),
        ]
        for judge in report.findings.judges
    ]
    return write_table(["Judge", "Model", "Judged", "Same in both orders", "Agreement", "Unreadable"], rows) if rows else ""


def _write_seeds(report: Report) -> str:
    ranges = "".join(f" {escape(title_arm(arm))}: {text}." for arm, text in list_seed_ranges(report))
    text = explain_seeds(report)
    return f"**Training seeds.** {escape(text)}{ranges}" if text else ""


def _write_flips(report: Report) -> str:
    text = explain_flips(report)
    return f"**Answers that change.** {text}"


def _write_abstentions(report: Report) -> str:
    sentences = explain_abstentions(report)
    return f"**Not in the documents.** {escape(' '.join(sentences))}" if sentences else ""


def _write_leaks(report: Report) -> str:
    leaked, copies = report.findings.leaked, report.findings.template_copies
    found = (
        f"The training file has {pluralize(len(leaked), 'question')}, or nearly the same."
        if leaked
        else "None was found in the training file."
    )
    lines = [f"**Leaked questions.** {found}\n", *[_write_leak(leak) for leak in leaked[:MAX_LISTED]]]
    copied = (
        f"{pluralize(copies, 'training example')} {'has' if copies == 1 else 'have'} the built-in prompt with passages." if copies else ""
    )
    return "\n\n".join(filter(None, ["\n".join(lines).strip(), copied]))


def _write_leak(leak: LeakedQuestion) -> str:
    fate = "left out" if leak.left_out else "kept"
    return f"- {escape(shorten(leak.question, MAX_CHARACTERS))} (line {leak.line}, similarity {format_score(leak.similarity)}, {fate})"


def _write_failures(report: Report) -> str:
    failed = [(answer, answer.failure) for answer in report.evidence.answers if answer.failure]
    count = f"{len(failed):,}" if failed else "None"
    lines = [f"**Failed answers.** {count}.\n", *[_write_failure(answer, failure) for answer, failure in failed[:MAX_LISTED]]]
    return "\n".join(lines).strip()


def _write_failure(answer: ArmAnswer, failure: Failure) -> str:
    message = escape(shorten(failure.message, MAX_CHARACTERS))
    fault = "its own fault" if failure.kind == "own" else "infrastructure"
    return f"- Question {answer.question + 1}, {escape(title_arm(answer.arm))}: {message} ({escape(failure.code)}, {fault})"
