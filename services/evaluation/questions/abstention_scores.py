"""How well an arm says that the documents do not have the answer: in the questions that have none, and only there."""

from collections.abc import Sequence

from services.evaluation.arms.answer import ArmAnswer
from shared.contracts.comparison_results import AbstentionScores
from shared.datasets import Question
from shared.graders.abstention import abstains, measure_abstention


def score_abstention(questions: Sequence[Question], answers: Sequence[ArmAnswer], phrases: Sequence[str] = ()) -> AbstentionScores | None:
    """Return the scores of one arm; None if each of the answered questions has an accepted answer, or it is not known whether.

    `phrases` are more phrases with which an answer abstains. An answer that failed by its arm's own fault did not abstain; one that failed
    by the infrastructure's is left out.
    """
    known = [answer for answer in answers if questions[answer.question].answers is not None]
    counted = [answer for answer in known if answer.failure is None or answer.failure.kind == "own"]
    if not any(questions[answer.question].must_abstain for answer in counted):
        return None
    figures = measure_abstention((questions[answer.question].must_abstain, _abstains(answer, phrases)) for answer in counted)
    return AbstentionScores(had_to=figures.had_to, did=figures.did, precision=figures.precision, recall=figures.recall)


def _abstains(answer: ArmAnswer, phrases: Sequence[str]) -> bool:
    return answer.failure is None and abstains(answer.text, phrases)
