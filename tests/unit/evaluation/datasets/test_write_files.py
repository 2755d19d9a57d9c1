import json

from services.evaluation.datasets.grounded_form import ShownPassage
from services.evaluation.datasets.raft import GroundedItem
from services.evaluation.datasets.write_files import difficulty_of, write_examples, write_grounded_examples, write_questions
from shared.datasets import read_examples, read_questions
from tests.unit.evaluation.datasets.cases import make_item


def test_examples_are_chats_that_fine_tuning_reads() -> None:
    content = write_examples([make_item(), make_item("Qui\u00e9n construy\u00f3 la gr\u00faa?", "Ada Poole \U0001f600")], "Answer briefly.")
    examples = list(read_examples(content.splitlines(), minimum=2))
    assert [message.role for message in examples[0].messages] == ["system", "user", "assistant"]
    assert [message.content for message in examples[1].messages][1:] == ["Qui\u00e9n construy\u00f3 la gr\u00faa?", "Ada Poole \U0001f600"]


def test_without_instructions_there_is_no_system_message() -> None:
    (line,) = write_examples([make_item()], None).splitlines()
    assert [message["role"] for message in json.loads(line)["messages"]] == ["user", "assistant"]


def test_grounded_examples_have_the_passages_in_the_prompt() -> None:
    grounded = GroundedItem(make_item(), [ShownPassage("", "First."), ShownPassage("Hull", "Second.")], "12.5 kg")
    line, plain = write_grounded_examples([grounded, GroundedItem(make_item(), [], "12.5 kg")], None).splitlines()
    assert json.loads(plain)["messages"][0]["content"] == "How heavy is the crane?"
    user, assistant = json.loads(line)["messages"]
    assert user["content"].endswith("[1]\nFirst.\n\n[2] Hull\nSecond.\n</passages>\n\nQuestion: How heavy is the crane?")
    assert assistant["content"] == "12.5 kg"


def test_questions_have_contexts_tags_and_the_cluster_of_their_document() -> None:
    content = write_questions([make_item(), make_item("Who built the crane?", "Ada Poole", "name")], {"file-a": "file-first"})
    questions = list(read_questions(content.splitlines()))
    first, second = questions
    assert (first.id, first.answers, first.cluster) == ("q1", ["12.5 kilograms"], "file-first")
    assert [(context.file_id, context.text) for context in first.contexts] == [
        ("file-a", "The crane of the Kestrel weighs 12.5 kilograms.")
    ]
    assert second.tags == ["name", difficulty_of(make_item("Who built the crane?", "Ada Poole", "name"))]


def test_no_items_are_an_empty_file() -> None:
    assert write_examples([], "Answer.") == write_questions([], {}) == b""
