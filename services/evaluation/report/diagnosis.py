"""Says for each arm with documents whether search or reading failed, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from services.evaluation.report.content import Report
from services.evaluation.report.format import format_share
from services.evaluation.verdict.labels import title_arm
from shared.contracts.comparison_results import ArmSummary, RetrievalScores

Cause = Literal["search", "reading", "both", "neither"]
CLEARLY = 1.25  # one cause is named alone if it is this many times as frequent as the other


@dataclass(frozen=True)
class Diagnosis:
    """What failed in an arm with documents. `other` is the share of wrong answers for which neither is known to have failed."""

    arm: str
    scores: RetrievalScores
    cause: Cause
    other: float
    sentence: str


def diagnose(report: Report) -> Sequence[Diagnosis]:
    """Return the diagnosis of every arm whose retrieval was graded."""
    return [_diagnose(arm, arm.retrieval) for arm in report.findings.arms if arm.retrieval is not None]


def _diagnose(arm: ArmSummary, scores: RetrievalScores) -> Diagnosis:
    cause = find_cause(scores)
    other = max(0.0, 1.0 - scores.missed_by_search - scores.missed_by_reading) if cause != "neither" else 0.0
    return Diagnosis(arm.arm, scores, cause, other, _explain(title_arm(arm.arm), scores, cause))


def find_cause(scores: RetrievalScores) -> Cause:
    """Return what failed more often."""
    search, reading = scores.missed_by_search, scores.missed_by_reading
    if not search + reading > 0:
        return "neither"
    if search >= CLEARLY * reading:
        return "search"
    return "reading" if reading >= CLEARLY * search else "both"


def _explain(title: str, scores: RetrievalScores, cause: Cause) -> str:
    search, reading = format_share(scores.missed_by_search), format_share(scores.missed_by_reading)
    shares = f"for {search} of its wrong answers, search did not find the passage; for {reading}, it did, but the model did not use it"
    starts = {
        "search": f"{title}: search failed more often than reading: {shares}.",
        "reading": f"{title}: reading failed more often than search: {shares}.",
        "both": f"{title}: search and reading failed about equally often: {shares}.",
        "neither": f"{title}: no wrong answer is known to come from search or reading.",
    }
    return starts[cause]
