"""What every arm is told: by the request, by the training file, or by default."""

from typing import Any

import pytest

from services.evaluation.arms.instructions import ABSTAINING, JSON, NEUTRAL, SHORT, resolve_instructions
from tests.unit.evaluation.arms.chats import make_chats, make_rag_chat
from tests.unit.evaluation.cases import BASE, make_spec


def test_the_instructions_of_the_request_come_first_even_if_they_are_empty() -> None:
    chats = make_chats(3, system="Answer in three words.")
    assert resolve_instructions(make_spec(instructions="Be brief."), chats) == "Be brief."
    assert resolve_instructions(make_spec(instructions=""), chats) == ""


def test_without_them_the_system_message_of_most_examples_is_used() -> None:
    chats = [*make_chats(6, system="Answer in three words. "), *make_chats(2, system="Something else."), *make_chats(3)]
    assert resolve_instructions(make_spec(), chats) == "Answer in three words."


def test_a_system_message_of_half_the_examples_is_not_shared() -> None:
    assert resolve_instructions(make_spec(), [*make_chats(4, system="Answer in three words."), *make_chats(4)]) == SHORT


def test_the_system_message_of_examples_with_passages_is_not_for_arms_without() -> None:
    rag = [make_rag_chat(number, system="Answer from the passages only.") for number in range(9)]
    assert resolve_instructions(make_spec(), [*rag, *make_chats(3, system="Be brief.")]) == "Be brief."
    assert resolve_instructions(make_spec(), rag) == "Answer from the passages only."


NUMERIC = {"name": "n", "type": "numeric"}
SCHEMA = {"name": "s", "type": "json_schema", "schema": {"type": "object"}}
JUDGE = {"name": "judge", "type": "score_model", "model": BASE, "input": [{"role": "user", "content": "{{sample.output_text}}"}]}
SUM = {"name": "sum", "type": "multi", "graders": {"n": NUMERIC, "s": SCHEMA}, "calculate_output": "n + s"}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"grader": "f1"}, SHORT),
        ({"grader": "exact_match"}, SHORT),
        ({"grader": "n", "graders": [NUMERIC]}, SHORT),
        ({"grader": "s", "graders": [NUMERIC, SCHEMA]}, JSON),
        ({"grader": "a", "graders": [{"name": "a", "type": "abstention"}]}, ABSTAINING),
        ({"grader": "judge", "graders": [JUDGE]}, NEUTRAL),
        ({"grader": "sum", "graders": [SUM]}, NEUTRAL),
    ],
)
def test_the_default_fits_the_grader_that_decides(changes: dict[str, Any], expected: str) -> None:
    assert resolve_instructions(make_spec(**changes), []) == expected
