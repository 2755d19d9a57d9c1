"""Gives every answer a score from each grader, and stores the scores as they come, so that no model is asked twice for one grade."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from services.evaluation.arms.answer import ArmAnswer, Failure
from shared.contracts.graders import ExactMatchGrader, F1Grader, Grader
from shared.datasets import Question
from shared.errors import Unavailable
from shared.graders.bounds import bounds
from shared.graders.grade import grade
from shared.graders.outcome import ErrorKind, Grade, GraderModels
from shared.graders.sample import Sample

BATCH = 64  # answers that are graded at the same time and stored together
MODEL_GONE: ErrorKind = "model_grader_server_error"
MIN_LOST = 10  # answers of a batch; a few may fail by chance


class Scores(Protocol):
    """Where scores are stored."""

    def save_scores(self, answers: Iterable[ArmAnswer], phase: str) -> None:
        """Store the scores and failures of answers that were stored before."""
        ...


@dataclass(frozen=True)
class Grading:
    """How answers are graded: by all `graders`, of which the one named `deciding` decides the verdict."""

    graders: Sequence[Grader]
    deciding: str
    models: GraderModels


def list_graders(own: Sequence[Grader]) -> list[Grader]:
    """Return the graders of a comparison: exact match and F1, and those of the request."""
    return [ExactMatchGrader(type="exact_match", name="exact_match"), F1Grader(type="f1", name="f1"), *own]


async def grade_answers(
    questions: Sequence[Question],
    answers: Sequence[ArmAnswer],
    grading: Grading,
    scores: Scores,
    phase: str,
    report: Callable[[int, int], None],
) -> list[ArmAnswer]:
    """Return the answers with their scores. `report` is told how many of how many are graded.

    Answers that failed, and those that have a score from every grader already, stay as they are. An answer of the wrong form gets the
    lowest score, or a failure of its own if the grader has none. Any other error of the deciding grader, such as an output of a judge
    that cannot be read, is a failure of the infrastructure.

    Raises:
        Unavailable: if the deciding grader's model could not be called for any answer of a batch; their scores remain open.
    """
    graded: list[ArmAnswer] = []
    for batch in _split(answers):
        missing = [answer for answer in batch if _lacks_scores(answer, grading)]
        new = await asyncio.gather(*(_grade_answer(questions[answer.question], answer, grading) for answer in missing))
        _check_models(new)
        await asyncio.to_thread(scores.save_scores, new, phase)
        by_key = {(answer.question, answer.arm): answer for answer in new}
        graded += [by_key.get((answer.question, answer.arm), answer) for answer in batch]
        report(len(graded), len(answers))
    return graded


def _check_models(graded: Sequence[ArmAnswer]) -> None:
    lost = [answer.failure for answer in graded if answer.failure and answer.failure.code == MODEL_GONE]
    if len(lost) >= MIN_LOST and len(lost) == len(graded):
        raise Unavailable(f"None of {len(lost)} answers could be graded, so the comparison ended. The last error: {lost[-1].message}")


def _split(answers: Sequence[ArmAnswer]) -> Iterable[Sequence[ArmAnswer]]:
    return (answers[first : first + BATCH] for first in range(0, len(answers), BATCH))


def _lacks_scores(answer: ArmAnswer, grading: Grading) -> bool:
    return answer.failure is None and any(grader.name not in answer.scores for grader in grading.graders)


async def _grade_answer(question: Question, answer: ArmAnswer, grading: Grading) -> ArmAnswer:
    sample = Sample(answer.text, completion={"finish_reason": answer.finish_reason})
    missing = [grader for grader in grading.graders if grader.name not in answer.scores]
    grades = await asyncio.gather(*(grade(grader, question.item(), sample, grading.models) for grader in missing))
    named = {str(grader.name): given for grader, given in zip(missing, grades, strict=True)}
    scores = {name: score for grader in missing if (score := _read_score(grader, named[name := str(grader.name)])) is not None}
    deciding = named.get(grading.deciding)
    is_lost = deciding is not None and deciding.error is not None and grading.deciding not in scores
    failure = _describe_error(grading.deciding, deciding) if deciding and is_lost else None
    return replace(answer, scores={**answer.scores, **scores}, failure=failure)


def _read_score(grader: Grader, given: Grade) -> float | None:
    """Return the score; the lowest one if the answer has the wrong form; None if it could not be graded."""
    if given.error is None:
        return given.score
    limits = bounds(grader)
    return limits[0] if given.is_sample_fault and limits else None


def _describe_error(grader: str, given: Grade) -> Failure:
    kind: Literal["own", "infrastructure"] = "own" if given.is_sample_fault else "infrastructure"
    return Failure(kind, given.error_kind or "other_error", f"The grader '{grader}' could not grade the answer: {given.error}")
