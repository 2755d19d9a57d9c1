from collections.abc import Callable
from typing import Any

import pytest

from shared.records.evaluation.answers import Answer
from shared.records.jobs import Job
from tests.unit.generation.evaluations.setup import ADAPTER, PATH, Setup, write_questions


@pytest.fixture
def parent(setup: Setup) -> str:
    """A finished comparison of three questions."""
    created = setup.create(margin=0.1, name="first", arms=["rag", "base"], prices={"prompt": 0.1, "completion": 0.4})
    setup.finish(created["id"])
    return str(created["id"])


def test_an_extension_keeps_settings_questions_and_answers_and_adds_only_new_questions(setup: Setup, parent: str) -> None:
    extended = setup.extend(parent, write_questions(2, 3, 4, 5), name="second", metadata={"week": "2"})
    assert (extended["extends"], extended["look"], extended["reuses"]) == (parent, 2, None)
    assert (extended["name"], extended["metadata"], extended["margin"], extended["arms"]) == ("second", {"week": "2"}, 0.1, ["base", "rag"])
    spec = setup.read_spec(extended["id"])
    assert (spec["model"], spec["prices"]["completion"], spec["family"]) == (ADAPTER, 0.4, parent)
    assert [text[-2] for text in setup.read_questions(extended["id"])] == ["1", "2", "3", "4", "5"]
    with setup.database.session() as session:
        assert session.query(Answer).filter_by(job_id=extended["id"]).one().text == "Two"
    assert setup.read_events(extended["id"])[-1]["message"].startswith(f"The comparison was created. It extends '{parent}' by 2 questions.")


def test_an_extension_survives_the_deletion_of_its_parent_whose_verdict_remains_a_look(setup: Setup, parent: str) -> None:
    second = setup.extend(parent, write_questions(4))
    assert setup.http.delete(f"{PATH}/{parent}").status_code == 200
    assert len(setup.read_questions(second["id"])) == 4
    setup.finish(second["id"])
    third = setup.extend(second["id"], write_questions(5))
    assert (third["look"], third["extends"], setup.read_spec(third["id"])["family"]) == (3, second["id"], parent)


def test_siblings_are_looks_and_canceled_or_failed_comparisons_are_none(setup: Setup, parent: str) -> None:
    second = setup.extend(parent, write_questions(4))
    assert second["look"] == 2
    third = setup.extend(parent, write_questions(5))
    assert third["look"] == 3
    setup.http.post(f"{PATH}/{second['id']}/cancel")
    setup.finish(third["id"], "failed")
    assert setup.extend(parent, write_questions(6))["look"] == 2


def test_a_comparison_that_ended_without_a_verdict_can_be_continued_without_new_questions(setup: Setup) -> None:
    first = setup.create()["id"]
    setup.finish(first, "failed")
    continued = setup.post({"extends": first})
    assert (continued["look"], len(setup.read_questions(continued["id"]))) == (1, 3)
    assert continued["questions_file"] == setup.body["questions_file"]


def test_a_comparison_with_too_many_failed_answers_can_be_continued_without_new_questions(setup: Setup) -> None:
    first = setup.create()["id"]
    setup.finish(first, outcome="failed")
    continued = setup.post({"extends": first})
    assert (continued["look"], len(setup.read_questions(continued["id"]))) == (2, 3)


def test_a_comparison_that_has_not_ended_cannot_be_extended(setup: Setup) -> None:
    first = setup.create()["id"]
    error = setup.refuse({"extends": first, "questions_file": setup.add_questions(write_questions(9))}, 409)
    assert error["message"] == f"The comparison '{first}' is queued. Wait until it ends, or cancel it, before you extend it."


def test_an_unknown_comparison_cannot_be_extended(setup: Setup) -> None:
    assert setup.refuse({"extends": "cmp_gone", "questions_file": "file-1"}, 404)["param"] == "extends"


def test_settings_may_be_sent_again_as_they_were(setup: Setup, parent: str) -> None:
    same = {"model": ADAPTER, "arms": ["rag", "base"], "margin": 0.1, "grader": "f1", "retrieval": {}}
    assert setup.extend(parent, write_questions(4), **same)["look"] == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("arms", ["base", "both"]),
        ("arms", ["base", "rag", {"name": "more"}]),
        ("grader", "exact_match"),
        ("graders", [{"type": "contains", "name": "has"}]),
        ("margin", 0.2),
        ("instructions", "Be brief."),
        ("model", "tiny"),
        ("vector_store_ids", []),
        ("retrieval", {"max_num_results": 5}),
        ("prices", {"prompt": 2}),
        ("max_tokens", 10),
        ("leaked_questions", "keep"),
        ("seeds", 2),
        ("documents", ["file-1"]),
    ],
)
def test_what_would_be_another_comparison_is_refused(setup: Setup, parent: str, name: str, value: Any) -> None:
    error = setup.refuse({"extends": parent, "questions_file": setup.add_questions(write_questions(4)), name: value})
    assert error["param"] == name
    assert error["message"] == (
        f"'{name}' must stay the same if you extend a comparison. To change it, create a comparison without 'extends'."
    )


@pytest.mark.parametrize(
    ("questions", "problem"),
    [
        (write_questions(1, 2), "has no new question"),
        (write_questions(1, 4, cluster="platforms"), "The 'cluster' of the question"),
        (write_questions(1, 4, answers=["99"]), "The 'answers' of the question"),
        (write_questions(1, 4, contexts=["faq.md"]), "The 'contexts' of the question"),
    ],
)
def test_questions_that_are_not_new_or_that_changed_are_refused(setup: Setup, parent: str, questions: bytes, problem: str) -> None:
    error = setup.refuse({"extends": parent, "questions_file": setup.add_questions(questions)})
    assert (error["param"], problem in error["message"]) == ("questions_file", True), error


def test_the_questions_file_is_required_for_another_look(setup: Setup, parent: str) -> None:
    error = setup.refuse({"extends": parent})
    assert (error["param"], error["message"]) == ("questions_file", "'questions_file' is required, with the questions to add.")


def test_an_id_belongs_to_one_question_only(setup: Setup) -> None:
    first = setup.create(questions_file=setup.add_questions(write_questions(1, id="q-1")))["id"]
    setup.finish(first)
    error = setup.refuse({"extends": first, "questions_file": setup.add_questions(write_questions(2, id="q-1"))})
    assert "has the 'id' 'q-1'" in error["message"]


def delete_store(setup: Setup) -> None:
    setup.retrieval.stores.clear()


def delete_model(setup: Setup) -> None:
    assert setup.http.delete(f"/v1/models/{ADAPTER}").status_code == 200


@pytest.mark.parametrize("delete", [delete_store, delete_model])
def test_an_extension_needs_what_its_arms_need(setup: Setup, parent: str, delete: Callable[[Setup], None]) -> None:
    delete(setup)
    assert setup.refuse({"extends": parent, "questions_file": setup.add_questions(write_questions(4))}, 404)["param"] == "extends"


def test_without_the_training_file_that_has_the_instructions_a_comparison_cannot_be_extended(setup: Setup, parent: str) -> None:
    setup.http.delete(f"/v1/files/{setup.training_file}")
    error = setup.refuse({"extends": parent, "questions_file": setup.add_questions(write_questions(4))})
    assert (error["param"], "which has the arms' instructions, was deleted" in error["message"]) == ("extends", True)


def test_a_training_file_that_was_deleted_is_a_warning_if_no_arm_uses_it(setup: Setup) -> None:
    first = setup.create(arms=["base", "rag"], instructions="Antworte kurz.")["id"]
    setup.finish(first)
    setup.http.delete(f"/v1/files/{setup.training_file}")
    extended = setup.extend(first, write_questions(4))
    assert (extended["training_file"], len(setup.read_spec(extended["id"])["warnings"])) == (None, 1)


def test_a_comparison_whose_questions_were_not_stored_cannot_be_extended(setup: Setup, parent: str) -> None:
    with setup.database.session() as session:
        session.connection().exec_driver_sql("delete from comparison_questions")
    error = setup.refuse({"extends": parent, "questions_file": setup.add_questions(write_questions(4))})
    assert (error["param"], "were not stored" in error["message"]) == ("extends", True)


def test_an_arm_with_examples_cannot_be_extended_without_them(setup: Setup) -> None:
    first = setup.create(instructions="Antworte kurz.")["id"]
    setup.finish(first)
    setup.http.delete(f"/v1/files/{setup.training_file}")
    error = setup.refuse({"extends": first, "questions_file": setup.add_questions(write_questions(4))})
    assert (error["param"], error["message"]) == (
        "extends",
        f"The arm 'prompted' needs examples, but the training file '{setup.training_file}' was deleted. "
        "Create a comparison without 'extends', with another 'training_file'.",
    )


def test_questions_that_were_made_from_documents_are_kept(setup: Setup) -> None:
    document = setup.retrieval.add_file(b"Gleis 7 ist gesperrt.", purpose="assistants", name="notice.txt")
    first = setup.post({"documents": [document], "arms": ["base", "rag"], "instructions": "Antworte kurz."})["id"]
    made = {"questions_file": setup.add_questions(write_questions(1, 2)), "model": "tiny", "vector_store_ids": ["vs_a"]}
    with setup.database.session() as session:
        job = session.get_one(Job, first)
        job.spec = {**job.spec, **made}  # as the worker does
    setup.finish(first)
    extended = setup.extend(first, write_questions(2, 3))
    assert [text[-2] for text in setup.read_questions(extended["id"])] == ["1", "2", "3"]
