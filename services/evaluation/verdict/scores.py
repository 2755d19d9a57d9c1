"""Builds the table of scores that a verdict rests on: a row for each usable question, a column for each arm."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from services.evaluation.arms.answer import ArmAnswer

FailureRule = Literal["lowest", "left_out"]


@dataclass(frozen=True)
class ScoreTable:
    """`scores` has shape (questions, arms), `clusters` shape (questions,). `questions` are the numbers of the usable questions."""

    arms: tuple[str, ...]
    questions: tuple[int, ...]
    scores: npt.NDArray[np.float64]
    clusters: npt.NDArray[np.int64]


def build_table(
    answers: Sequence[ArmAnswer], arms: Sequence[str], clusters: Sequence[int], grader: str, lowest: float, own: FailureRule
) -> ScoreTable:
    """Return the scores of every question that all arms answered.

    A question is left out for all arms if the infrastructure failed one of its answers. An answer that failed by its arm's own fault
    scores `lowest`, or leaves its question out as well if `own` is `left_out`.
    """
    by_cell = {(answer.question, answer.arm): _score(answer, grader, lowest, own) for answer in answers}
    numbers = sorted({answer.question for answer in answers})
    rows = {number: [by_cell.get((number, arm)) for arm in arms] for number in numbers}
    usable = {number: row for number, row in rows.items() if None not in row}
    scores = np.array(list(usable.values()), dtype=np.float64).reshape(len(usable), len(arms))
    return ScoreTable(tuple(arms), tuple(usable), scores, np.array([clusters[number] for number in usable], dtype=np.int64))


def _score(answer: ArmAnswer, grader: str, lowest: float, own: FailureRule) -> float | None:
    if answer.failure is None:
        return answer.scores.get(grader)
    return lowest if answer.failure.kind == "own" and own == "lowest" else None
