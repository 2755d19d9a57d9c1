"""Chooses the questions that show the verdict best, and those that speak against it: by the paired difference of the scores.

Compared are the main arm and its rival. Of questions with the same difference, those with the shorter answers come first: they can be
read at a glance.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from services.evaluation.arms.answer import ArmAnswer
from services.evaluation.report.content import Entry, Report

PER_SIDE = 3
SMALLEST = 1e-9  # a smaller difference comes from arithmetic


@dataclass(frozen=True)
class Example:
    """A question that the two arms answered differently well. `difference` is the score of `main` minus that of `rival`."""

    entry: Entry
    main: ArmAnswer
    rival: ArmAnswer
    difference: float


@dataclass(frozen=True)
class Examples:
    """The best examples for the main arm and against it, and how many questions there are of each kind."""

    shown_for: Sequence[Example] = ()
    shown_against: Sequence[Example] = ()
    wins: int = 0
    losses: int = 0
    ties: int = 0


def choose_examples(report: Report, per_side: int = PER_SIDE) -> Examples:
    """Return the examples of a comparison; there are none if it has a single arm."""
    pairs = list(filter(None, (_pair(report, entry) for entry in report.entries)))
    wins = [pair for pair in pairs if pair.difference > SMALLEST]
    losses = [pair for pair in pairs if pair.difference < -SMALLEST]
    ties = len(pairs) - len(wins) - len(losses)
    return Examples(_take(wins, per_side), _take(losses, per_side), len(wins), len(losses), ties)


def _pair(report: Report, entry: Entry) -> Example | None:
    """Return the two arms' answers to a question, or None if one of them has no score."""
    main, rival = entry.find(report.main), entry.find(report.rival or "")
    if main is None or rival is None:
        return None
    difference = _score(report, main) - _score(report, rival)
    return Example(entry, main, rival, difference) if difference == difference else None  # not nan


def _score(report: Report, answer: ArmAnswer) -> float:
    """Return the score that the verdict counts: the lowest one if the answer failed by its arm's own fault; nan if there is none."""
    if answer.failure:
        return report.scale.low if answer.failure.kind == "own" else math.nan
    return answer.scores.get(report.grader, math.nan)


def _take(pairs: Sequence[Example], amount: int) -> list[Example]:
    ranked = sorted(pairs, key=lambda pair: (-abs(pair.difference), _length(pair), pair.entry.number))
    return ranked[:amount]


def _length(pair: Example) -> int:
    return len(pair.entry.question.question) + len(pair.main.text) + len(pair.rival.text)
