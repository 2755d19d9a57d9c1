"""Answers are stored once for each phase, and read back as they were."""

from dataclasses import replace

from services.evaluation.arms.answer import ArmAnswer, Failure
from services.evaluation.asking.answer_store import AnswerStore

PLAIN = ArmAnswer(0, "base", "6.5 Nm \N{SNOWMAN}", 1.5, 20, 3, [], finish_reason="stop", engine_seconds=1.4)
GROUNDED = replace(PLAIN, arm="rag", citations=[{"index": 1}], retrieved=[{"file_id": "file-1", "text": "", "score": 0.5}])
FAILED = ArmAnswer(1, "base", "", 120.0, 0, 0, [], failure=Failure("infrastructure", "unavailable", "The engine is gone."))


def test_answers_and_failures_are_read_back_as_they_were_added(store: AnswerStore) -> None:
    answers = [PLAIN, GROUNDED, FAILED]
    for answer in answers:
        store.add(answer)
    assert store.read() == answers


def test_each_phase_has_an_answer_of_its_own(store: AnswerStore) -> None:
    again = replace(PLAIN, text="again")
    store.add(PLAIN)
    store.add(again, "repeat")
    assert (store.read(), store.read("repeat"), store.read("single")) == ([PLAIN], [again], [])


def test_the_answer_that_another_worker_stored_first_stays(store: AnswerStore) -> None:
    store.add(PLAIN)
    store.add(replace(PLAIN, text="late"))
    assert store.read() == [PLAIN]


def test_scores_and_failures_of_judges_are_saved_for_their_phase_only(store: AnswerStore) -> None:
    store.add(PLAIN)
    store.add(GROUNDED)
    store.add(PLAIN, "repeat")
    graded = replace(PLAIN, scores={"f1": 0.5, "exact_match": 0.0})
    unread = replace(GROUNDED, scores={"f1": 0.5}, failure=Failure("infrastructure", "judge_unparseable", "The judge's output is no JSON."))
    store.save_scores([graded, unread])
    assert (store.read(), store.read("repeat")) == ([graded, unread], [PLAIN])


def test_nothing_to_save_is_no_error(store: AnswerStore) -> None:
    store.save_scores([])
    assert store.read() == []
