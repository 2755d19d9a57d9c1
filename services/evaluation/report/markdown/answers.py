"""Questions and answers in Markdown: the examples for and against the verdict, and every question."""

from services.evaluation.report.content import Entry, Report, list_accepted
from services.evaluation.report.examples import Example, choose_examples
from services.evaluation.report.format import format_score, shorten
from services.evaluation.report.markdown.syntax import escape, name_arm
from services.evaluation.verdict.format import pluralize
from services.evaluation.verdict.labels import title_arm

MAX_CHARACTERS = 500  # of a question or an answer


def write_examples(report: Report) -> str:
    """Return the examples; nothing if there are none."""
    examples = choose_examples(report)
    if report.rival is None or not examples.wins + examples.losses + examples.ties:
        return ""
    main, rival = escape(title_arm(report.main)), escape(title_arm(report.rival))
    counts = (
        f"{main} is better than {rival} on {pluralize(examples.wins, 'question')}, worse on {examples.losses}, equal on {examples.ties}."
    )
    parts = [f"### For {main}", *map(_write_example, examples.shown_for)] if examples.shown_for else []
    parts += [f"### Against {main}", *map(_write_example, examples.shown_against)] if examples.shown_against else []
    return "\n\n".join(["## Examples", counts, *parts])


def _write_example(example: Example) -> str:
    answers = [f"  - {escape(title_arm(answer.arm))}: {_write_text(answer.text)}" for answer in (example.main, example.rival)]
    return "\n".join([_write_question(example.entry), *answers])


def write_questions(report: Report, max_questions: int) -> str:
    """Return every question with its answers; nothing if there are none."""
    entries = report.entries[:max_questions]
    if not entries:
        return ""
    parts = [_write_question(entry) + "".join(f"\n  - {_write_answer(report, entry, arm)}" for arm in report.numbers) for entry in entries]
    rest = (
        f"\n\nThese are the first {len(entries):,} of {len(report.entries):,} questions; the JSON report has all of them."
        if len(entries) < len(report.entries)
        else ""
    )
    return "## Every question\n\n" + "\n".join(parts) + rest


def _write_question(entry: Entry) -> str:
    accepted = escape(shorten(list_accepted(entry.question), MAX_CHARACTERS))
    return f"- **{entry.number}. {escape(shorten(entry.question.question, MAX_CHARACTERS))}**\n  - Accepted: {accepted}"


def _write_answer(report: Report, entry: Entry, arm: str) -> str:
    answer = entry.find(arm)
    if answer is None:
        return f"{name_arm(report, arm)}: (not asked)"
    text = f"failed: {escape(answer.failure.message)}" if answer.failure else _write_text(answer.text)
    return f"{name_arm(report, arm)} ({format_score(answer.scores.get(report.grader))}): {text}"


def _write_text(text: str) -> str:
    return escape(shorten(text, MAX_CHARACTERS)) or "(empty)"
