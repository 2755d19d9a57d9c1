import pytest

from services.generation.evaluations.comparisons import questions
from services.generation.evaluations.comparisons.questions import hash_questions, identify
from shared.datasets import Question
from tests.unit.generation.evaluations.setup import Setup, write_questions


def ask(text: str, **fields: object) -> Question:
    return Question.model_validate({"question": text, "answers": ["1"], **fields})


def test_questions_are_stored_with_the_comparison_and_survive_their_file(setup: Setup) -> None:
    created = setup.create()
    setup.http.delete(f"/v1/files/{setup.body['questions_file']}")
    assert setup.read_questions(created["id"]) == [f"Wie viele Züge fahren auf Gleis {number}?" for number in (1, 2, 3)]


def test_questions_may_be_csv(setup: Setup) -> None:
    file_id = setup.add_questions('question,answer,tag\r\n"Was ist ""Föhn""?",Wind,Wetter\r\nWo?,Hier,\r\n'.encode(), "fragen.csv")
    created = setup.create(questions_file=file_id)
    assert setup.read_questions(created["id"]) == ['Was ist "Föhn"?', "Wo?"]


def test_all_fields_of_a_question_can_be_read_again() -> None:
    question = ask("Wo?", contexts=["faq.md", {"text": "x", "file_id": "file-1"}], tags=["a"], cluster="c", id="7", difficulty="hard")
    chat = Question.model_validate({"messages": [{"role": "user", "content": "Wo?"}], "answers": []})
    assert [Question.model_validate(each.item()) for each in (question, chat)] == [question, chat]


def test_an_invalid_question_is_an_error_with_its_line(setup: Setup) -> None:
    error = setup.refuse({**setup.body, "questions_file": setup.add_questions(write_questions(1) + b'{"question": "Why?"}\n')})
    assert (error["param"], error["code"]) == ("questions_file", "invalid_file_format")
    assert error["message"].startswith("Line 2: 'answers' is required")


def test_a_question_that_no_database_can_store_is_refused(setup: Setup) -> None:
    for text in (b"\\ud83d alone", b"nul \\u0000"):
        file_id = setup.add_questions(b'{"question": "' + text + b'?", "answers": ["x"]}\n')
        assert setup.refuse({**setup.body, "questions_file": file_id})["param"] == "questions_file"


def test_too_many_questions_are_refused(setup: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "MAX_QUESTIONS", 2)
    error = setup.refuse(setup.body)
    assert (error["param"], error["code"]) == ("questions_file", "too_many_questions")
    monkeypatch.setattr(questions, "MAX_BYTES", 10)
    assert setup.refuse(setup.body)["code"] == "file_too_large"


def test_questions_are_recognized_whatever_their_case_spaces_and_order() -> None:
    assert identify(ask("Wie  HOCH\n ist das?")) == identify(ask("wie hoch ist das?", answers=["2"], id="x"))
    assert identify(ask("Wie hoch?")) != identify(ask("Wie tief?"))
    system = {"role": "system", "content": "Kurz."}
    with_system = Question.model_validate({"messages": [system, {"role": "user", "content": "Wie hoch?"}], "answers": ["1"]})
    assert identify(with_system) != identify(ask("Wie hoch?"))
    assert hash_questions([ask("A"), ask("B")]) == hash_questions([ask("b"), ask("a")])
    assert hash_questions([ask("A"), ask("B")]) != hash_questions([ask("A")])


def test_a_comparison_names_the_newest_earlier_one_with_the_same_questions(setup: Setup) -> None:
    first = setup.create()
    assert first["reuses"] is None
    second = setup.create(margin=0.1, questions_file=setup.add_questions(write_questions(3, 2, 1)))
    assert second["reuses"] == first["id"]
    setup.http.post(f"/v1/comparisons/{second['id']}/cancel")
    third = setup.create(arms=["base", "rag"])
    assert third["reuses"] == first["id"]  # the canceled one never had a verdict
    assert any("not independent" in event["message"] for event in setup.read_events(third["id"]))
    assert setup.create(questions_file=setup.add_questions(write_questions(1, 2)))["reuses"] is None
