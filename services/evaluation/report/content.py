"""What a report tells: a comparison's evidence and findings, with what every format of the report needs to know about them.

The **main arm** is the recommended one, or the one with the highest mean if none is recommended. The **rival** is the best of the others.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from services.evaluation.arms.answer import ArmAnswer
from services.evaluation.verdict.evidence import Evidence
from services.evaluation.verdict.labels import GRADER_NAMES
from services.evaluation.verdict.scale import Scale, find_scale
from shared.contracts.comparison_results import ArmSummary, ComparisonFindings, Difference
from shared.datasets import Question

UNDECIDED = {
    "not_settled": "Not settled",
    "too_few": "Too few questions",
    "failed": "No verdict: too many answers failed",
}


@dataclass(frozen=True)
class Entry:
    """A question with the arms' answers to it, in the order of the arms. `number` counts from 1, as in the file of questions."""

    number: int
    question: Question
    answers: Sequence[ArmAnswer]

    def find(self, arm: str) -> ArmAnswer | None:
        """Return an arm's answer."""
        return next((answer for answer in self.answers if answer.arm == arm), None)


@dataclass(frozen=True)
class Report:
    """A finished comparison."""

    evidence: Evidence
    findings: ComparisonFindings

    @property
    def grader(self) -> str:
        """The name of the grader that decides."""
        return self.evidence.spec.grader

    @property
    def grader_title(self) -> str:
        """What the grader that decides is called in tables."""
        return title_grader(self.grader)

    @property
    def has_prices(self) -> bool:
        """True if costs are amounts of money; otherwise they are tokens."""
        return self.evidence.spec.prices is not None

    @property
    def title(self) -> str:
        """The name that the user gave the comparison, or its id."""
        return self.evidence.spec.name or self.evidence.job_id

    @property
    def headline(self) -> str:
        """The verdict in a few words."""
        verdict = self.findings.verdict
        return verdict.headline or UNDECIDED.get(verdict.outcome, verdict.text.partition(":")[0])

    @property
    def lead(self) -> str:
        """The text of the verdict without the headline that it begins with."""
        return self.findings.verdict.text.removeprefix(self.headline).lstrip(".: ")

    @property
    def is_settled(self) -> bool:
        """True if the verdict recommends an arm."""
        return self.findings.verdict.recommended is not None

    @property
    def main(self) -> str:
        """The name of the main arm."""
        return self.findings.verdict.recommended or self.findings.verdict.best

    @cached_property
    def rival(self) -> str | None:
        """The name of the arm with the highest mean beside the main arm; of several, the cheapest."""
        others = [arm for arm in self.findings.arms if arm.arm != self.main]
        return max(others, key=lambda arm: (self.score(arm), -arm.cost)).arm if others else None

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each arm, from 1, by which charts and tables name it."""
        return {arm.arm: number for number, arm in enumerate(self.findings.arms, start=1)}

    def score(self, arm: ArmSummary) -> float:
        """Return an arm's mean in the deciding grader; minus infinity if it has none."""
        mean = arm.scores.get(self.grader, math.nan)
        return mean if math.isfinite(mean) else -math.inf

    def find_arm(self, name: str) -> ArmSummary | None:
        """Return the figures of an arm."""
        return next((arm for arm in self.findings.arms if arm.arm == name), None)

    def find_difference(self, first: str, second: str) -> Difference | None:
        """Return the difference between two arms, whichever is the better."""
        return next((pair for pair in self.findings.differences if {pair.better, pair.worse} == {first, second}), None)

    @cached_property
    def entries(self) -> list[Entry]:
        """Every question that was asked, with its answers."""
        order = self.numbers
        by_question: dict[int, list[ArmAnswer]] = {}
        for answer in self.evidence.answers:
            by_question.setdefault(answer.question, []).append(answer)
        return [
            Entry(index + 1, question, sorted(by_question[index], key=lambda answer: order.get(answer.arm, len(order))))
            for index, question in enumerate(self.evidence.questions)
            if index in by_question
        ]

    @cached_property
    def scale(self) -> Scale:
        """The range of the deciding grader."""
        return find_scale(self.evidence.spec, self.evidence.answers, self.grader)

    def is_right(self, answer: ArmAnswer) -> bool:
        """True if the answer's score is in the upper half of the grader's range."""
        score = answer.scores.get(self.grader)
        return answer.failure is None and score is not None and self.scale.is_correct(score)

    @cached_property
    def graders(self) -> list[str]:
        """The names of the graders that every arm has a mean of, the deciding one first."""
        names = [name for name in (self.findings.arms[0].scores if self.findings.arms else {}) if name != self.grader]
        return [self.grader, *names]

    @cached_property
    def tags(self) -> list[str]:
        """The tags of the questions, those with most questions first."""
        sizes = {tag.tag: tag.questions for arm in self.findings.arms for tag in arm.tags}
        return sorted(sizes, key=lambda tag: (-sizes[tag], tag))


def title_grader(name: str) -> str:
    """Return what a grader is called in a table."""
    return GRADER_NAMES.get(name, name)


def list_accepted(question: Question) -> str:
    """Return the accepted answers of a question, or that it has none, or that they are not known."""
    if question.answers is None:
        return "not known"
    return " · ".join(question.answers) or "none; the right answer is that the documents do not have it"
