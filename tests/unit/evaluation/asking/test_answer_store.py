"""Answers are stored once, and read back as they were."""

from dataclasses import replace

from services.evaluation.asking.answer_store import AnswerStore
from tests.unit.evaluation.cases import make_answer


def test_answers_are_read_back_as_they_were_added(store: AnswerStore) -> None:
    answers = [make_answer(0, "base"), make_answer(0, "rag")]
    for answer in answers:
        store.add(answer)
    assert store.read() == answers


def test_the_answer_that_another_worker_stored_first_stays(store: AnswerStore) -> None:
    first = make_answer(0, "base")
    store.add(first)
    store.add(replace(first, text="late"))
    assert store.read() == [first]


def test_scores_are_saved_with_their_answers(store: AnswerStore) -> None:
    answer = replace(make_answer(0, "base"), scores={})
    store.add(answer)
    graded = replace(answer, scores={"f1": 0.5, "exact_match": 0.0})
    store.save_scores([graded])
    assert store.read() == [graded]
