from services.evaluation.arms.answer import Failure
from services.evaluation.questions.abstention_scores import score_abstention
from shared.datasets import Question
from tests.unit.evaluation.cases import make_answer

UNKNOWN = "The documents do not answer this question."
QUESTIONS = [Question(question=f"Question {number}?", answers=[] if number < 4 else ["6.5 Nm"]) for number in range(10)]


def test_precision_and_recall_are_of_abstentions() -> None:
    texts = [UNKNOWN, "I don't know.", "5 Nm", "7 Nm", UNKNOWN, *["6.5 Nm"] * 5]
    scores = score_abstention(QUESTIONS, [make_answer(number, "rag", text=text) for number, text in enumerate(texts)])
    assert scores is not None
    assert (scores.had_to, scores.did, scores.precision, scores.recall) == (4, 3, 2 / 3, 0.5)


def test_questions_whose_answers_are_not_known_do_not_count() -> None:
    unknown = [Question(question=f"Question {number}?", answers=None) for number in range(3)]
    assert score_abstention(unknown, [make_answer(number, "rag", text=UNKNOWN) for number in range(3)]) is None
    scores = score_abstention([*unknown, QUESTIONS[0]], [make_answer(number, "rag", text=UNKNOWN) for number in range(4)])
    assert scores is not None
    assert (scores.had_to, scores.did, scores.precision) == (1, 1, 1.0)


def test_an_arm_that_never_abstains_has_no_precision() -> None:
    scores = score_abstention(QUESTIONS, [make_answer(number, "base", text="6.5 Nm") for number in range(10)])
    assert scores is not None
    assert (scores.precision, scores.recall) == (None, 0.0)


def test_a_failed_answer_did_not_abstain_and_one_that_was_never_collected_does_not_count() -> None:
    own, away = Failure("own", "empty_answer", "It is empty."), Failure("infrastructure", "unavailable", "The engine is away.")
    answers = [
        make_answer(0, "rag", text=UNKNOWN),
        make_answer(1, "rag", text="", failure=own),
        make_answer(2, "rag", text="", failure=away),
    ]
    scores = score_abstention(QUESTIONS, answers)
    assert scores is not None
    assert (scores.had_to, scores.recall) == (2, 0.5)


def test_more_phrases_abstain_in_other_languages() -> None:
    answers = [make_answer(0, "rag", text="Das steht nicht in den Unterlagen.")]
    scores = score_abstention(QUESTIONS, answers, ["steht nicht in den Unterlagen"])
    assert scores is not None
    assert scores.recall == 1.0


def test_without_a_question_that_has_no_answer_there_are_no_scores() -> None:
    assert score_abstention(QUESTIONS[4:], [make_answer(0, "rag")]) is None
