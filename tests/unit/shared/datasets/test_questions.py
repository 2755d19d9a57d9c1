import json
from typing import Any

import pytest

from shared.datasets import Context, Question


def question(**fields: Any) -> Question:
    return Question.model_validate({"question": "Which?", "answers": ["K-17"], **fields})


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("file-6fYq2zA8", Context(file_id="file-6fYq2zA8")),
        ("overview.md", Context(filename="overview.md")),
        ("Manual (2nd edition).PDF", Context(filename="Manual (2nd edition).PDF")),
        ("The valve opens at 6.5 bar.", Context(text="The valve opens at 6.5 bar.")),
        ("We use Node.js", Context(text="We use Node.js")),
        ("See the file overview.md for more.", Context(text="See the file overview.md for more.")),
        ("One line\nreport.pdf", Context(text="One line\nreport.pdf")),
        ({"filename": "main.py"}, Context(filename="main.py")),
        ({"filename": "overview.md", "text": "6.5 bar"}, Context(filename="overview.md", text="6.5 bar")),
    ],
)
def test_a_context_is_a_file_or_a_text(written: Any, expected: Context) -> None:
    read = question(contexts=[written])
    assert read.contexts == [expected]
    assert read.item()["contexts"] == [written if isinstance(written, str) else expected.written]


def test_the_item_of_a_template_has_every_field_of_the_line() -> None:
    line = {"question": "Which?", "answers": ["K-17"], "contexts": ["a.md"], "tags": ["parts"], "rubric": {"min": 2}, "source": "a.md"}
    item = Question.model_validate(line).item()
    assert {name: item[name] for name in line} == line
    assert (item["id"], item["cluster"]) == (None, None)
    assert "messages" not in item


def test_the_item_of_a_conversation_has_its_messages_and_the_last_one_as_question() -> None:
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Which?"}]
    item = Question.model_validate({"messages": messages, "answers": []}).item()
    assert (item["messages"], item["question"]) == (messages, "Which?")


def test_a_question_survives_being_stored() -> None:
    stored = question(messages=[{"role": "user", "content": "Which?"}], contexts=["file-1", {"filename": "a.md", "text": "x"}], extra=[1])
    assert Question.model_validate(json.loads(stored.model_dump_json())) == stored
    assert Question.model_validate(question().model_dump()) == question()


def test_a_field_may_have_any_name() -> None:
    names = {"copy": 1, "json": 2, "chat": 3, "item": 4, "model_config": 5, "model_fields": 6, "__class__": 7, "": 8}
    read = question(**names)
    assert {name: read.item()[name] for name in names} == names
    assert read.chat[0].content == "Which?"


def test_a_question_without_answers_must_be_refused_by_an_answer() -> None:
    assert question(answers=[]).must_abstain
    assert not question().must_abstain


def test_a_plain_question_is_a_chat_of_one_message() -> None:
    assert [message.model_dump() for message in question().chat] == [{"role": "user", "content": "Which?"}]


def test_null_is_the_same_as_leaving_a_field_out() -> None:
    assert question(contexts=None, tags=None, messages=None, cluster=None, id=None) == question()
