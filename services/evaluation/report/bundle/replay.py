"""Computes the findings of a comparison again from its bundle, without an engine, and says whether they are the same.

    read the bundle ──▶ grade the answers again ──▶ assess ──▶ compare with the findings in the bundle

Graders that call a model cannot be used here: their scores are taken from the bundle.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from services.evaluation.arms.answer import ArmAnswer
from services.evaluation.grading.grade_answers import Grading, grade_answers, list_graders
from services.evaluation.report.bundle.compare_findings import list_differences
from services.evaluation.report.bundle.layout import hash_bundle
from services.evaluation.report.bundle.read_bundle import read_bundle
from services.evaluation.report.content import Report
from services.evaluation.report.facts import RESULTS, find_result, name_cost
from services.evaluation.report.format import format_cost, format_range, format_score
from services.evaluation.verdict.evidence import Evidence
from services.evaluation.verdict.format import capitalize, join_list, pluralize
from services.evaluation.verdict.labels import title_arm
from shared.contracts.comparison_results import ComparisonFindings
from shared.contracts.graders import Grader, LabelModelGrader, MultiGrader, ScoreModelGrader, TextSimilarityGrader
from shared.graders.outcome import GraderModels

MAX_LISTED = 20
SCORE_TOLERANCE = 1e-6

Assess = Callable[[Evidence], ComparisonFindings]


@dataclass(frozen=True)
class Replay:
    """What a bundle says, and what was computed from it again.

    `regraded` are the graders whose scores were computed again, `taken` those whose scores were taken from the bundle.
    """

    evidence: Evidence
    stored: ComparisonFindings
    computed: ComparisonFindings
    regraded: Sequence[str]
    taken: Sequence[str]
    differences: Sequence[str]


class _NoStore:
    """Keeps no scores: a replay changes nothing."""

    def save_scores(self, answers: Iterable[ArmAnswer], phase: str) -> None:
        """Do nothing."""


def replay(bundle: bytes, assess: Assess) -> Replay:
    """Return the replay of a bundle.

    Raises:
        InvalidRequest: if it is not a bundle, or is damaged or altered.
    """
    evidence, stored = read_bundle(bundle)
    graders = list_graders(evidence.spec.graders)
    local = [grader for grader in graders if not needs_model(grader)]
    regraded = _regrade_all(evidence, local)
    computed = assess(regraded)
    differences = [*_list_regraded(evidence.answers, regraded.answers), *list_differences(stored, computed)]
    taken = [str(grader.name) for grader in graders if needs_model(grader)]
    return Replay(evidence, stored, computed, [str(grader.name) for grader in local], taken, differences)


def needs_model(grader: Grader) -> bool:
    """Return whether a grader calls a model, so that it cannot be used without services."""
    if isinstance(grader, MultiGrader):
        return any(needs_model(each) for each in grader.graders.values())
    is_cosine = isinstance(grader, TextSimilarityGrader) and grader.evaluation_metric == "cosine"
    return is_cosine or isinstance(grader, ScoreModelGrader | LabelModelGrader)


def _regrade_all(evidence: Evidence, graders: Sequence[Grader]) -> Evidence:
    """Return the evidence with new scores wherever findings are computed from scores."""
    seeds: dict[str, Sequence[ArmAnswer]] = {model: regrade(evidence, answers, graders) for model, answers in evidence.other_seeds.items()}
    repeated = regrade(evidence, evidence.repeated, graders)
    return replace(evidence, answers=regrade(evidence, evidence.answers, graders), repeated=repeated, other_seeds=seeds)


def regrade(evidence: Evidence, answers: Sequence[ArmAnswer], graders: Sequence[Grader]) -> list[ArmAnswer]:
    """Return the answers with new scores of these graders. Failed answers stay as they are."""
    names = {str(grader.name) for grader in graders}
    stripped = [
        answer if answer.failure else replace(answer, scores={name: score for name, score in answer.scores.items() if name not in names})
        for answer in answers
    ]
    grading = Grading(graders, evidence.spec.grader, GraderModels())
    return asyncio.run(grade_answers(evidence.questions, stripped, grading, _NoStore(), "", lambda _done, _all: None))


def _list_regraded(stored: Sequence[ArmAnswer], regraded: Sequence[ArmAnswer]) -> list[str]:
    return [
        f"'{name}' gives {title_arm(old.arm)} {format_score(new.scores.get(name))} for question {old.question + 1}; "
        f"the bundle has {format_score(old.scores.get(name))}."
        for old, new in zip(stored, regraded, strict=True)
        for name in sorted({*old.scores, *new.scores})
        if _differ(old.scores.get(name), new.scores.get(name))
    ]


def _differ(old: float | None, new: float | None) -> bool:
    if old is None or new is None:
        return old is not new
    return not abs(old - new) <= SCORE_TOLERANCE and not (old != old and new != new)  # nan is nan


def describe(result: Replay) -> str:
    """Return the verdict, a table of the arms, and whether all of it is the same as in the bundle."""
    report = Report(result.evidence, result.computed)
    parts = [
        f"{report.headline}\n\n{capitalize(report.lead)}",
        _write_table(report),
        _describe_graders(result),
        f"Hash of the bundle: {hash_bundle(result.evidence, result.stored)}",
        _describe_differences(result.differences),
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _write_table(report: Report) -> str:
    head = ["Arm", report.grader_title, "95% interval", name_cost(report), "Verdict"]
    rows = [
        [
            title_arm(arm.arm),
            format_score(arm.scores.get(report.grader)),
            format_range(*arm.intervals.get(report.grader, (None, None))),
            format_cost(arm.cost, has_prices=report.has_prices),
            RESULTS[find_result(report, arm.arm)],
        ]
        for arm in report.findings.arms
    ]
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in [head, *rows])


def _describe_graders(result: Replay) -> str:
    regraded = f"Graded again: {join_list(result.regraded)}." if result.regraded else ""
    taken = f"Scores from the bundle, because the grader calls a model: {join_list(result.taken)}." if result.taken else ""
    return " ".join(filter(None, [regraded, taken]))


def _describe_differences(differences: Sequence[str]) -> str:
    if not differences:
        return "The findings are the same as in the bundle."
    more = len(differences) - MAX_LISTED
    rest = [f"… and {pluralize(more, 'more difference')}"] if more > 0 else []
    return "\n".join(["The findings differ from those in the bundle:", *(f"- {each}" for each in [*differences[:MAX_LISTED], *rest])])
