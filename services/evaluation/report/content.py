"""What a report contains."""

import platform
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from services.evaluation.arms.answer import ArmAnswer
from services.evaluation.statistics.summarize import Summary
from services.evaluation.verdict.labels import HEADLINES, NO_DIFFERENCE
from shared.contracts.comparisons import ComparisonResult, ComparisonSpec, Verdict
from shared.datasets import Question
from shared.records.jobs import Job


@dataclass(frozen=True)
class Report:
    """A finished comparison. `answers` are graded, and ordered by question and arm."""

    job: Job
    spec: ComparisonSpec
    questions: Sequence[Question]
    answers: Sequence[ArmAnswer]
    summary: Summary
    verdict: Verdict
    concurrency: int

    @property
    def headline(self) -> str:
        """The verdict in a few words."""
        return HEADLINES[self.verdict.recommended] if self.verdict.recommended else NO_DIFFERENCE

    @property
    def answers_by_question(self) -> list[tuple[Question, list[ArmAnswer]]]:
        """Every question with the arms' answers to it."""
        arms = len(self.summary.arms)
        return [(question, list(self.answers[index * arms : (index + 1) * arms])) for index, question in enumerate(self.questions)]

    def make_result(self, report_json: str, report_html: str) -> ComparisonResult:
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


def list_versions() -> dict[str, str]:
    """Return the versions that the numbers of a report depend on."""
    return {"python": platform.python_version(), "numpy": np.__version__}
