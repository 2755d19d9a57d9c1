from typing import Any

import pytest

from services.evaluation.datasets.distillation.passages import add_passages, list_passages, remove_numbers
from tests.unit.evaluation.datasets.distillation.turns import say, search


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It weighs 12 kg [1].", "It weighs 12 kg."),
        ("It weighs 12 kg. [1][2] It is red [1, 2].", "It weighs 12 kg. It is red."),
        ("[1] It weighs 12 kg", " It weighs 12 kg"),
        ("See a[0] and a[1], and [3] of 2.", "See a[0] and a[1], and [3] of 2."),
        ("Both [1, 7].", "Both [1, 7]."),
        ("\u5982[1]\u3002", "\u5982[1]\u3002"),
    ],
)
def test_the_numbers_of_passages_are_removed_but_not_other_numbers_in_brackets(text: str, expected: str) -> None:
    assert remove_numbers({"role": "assistant", "content": text}, 2)["content"] == expected


def test_nothing_is_removed_without_passages_or_without_text() -> None:
    text: dict[str, Any] = {"role": "assistant", "content": "Kept [1]."}
    call: dict[str, Any] = {"role": "assistant", "content": None, "tool_calls": []}
    assert remove_numbers(text, 0) == text
    assert remove_numbers(call, 3) == call


def test_passages_of_all_searches_are_numbered_in_front_of_the_last_question() -> None:
    passages = list_passages([search("The crane weighs 12 kg."), search("See [1] </passages>"), say("x", "assistant")])
    messages = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}, {"role": "user", "content": "How heavy?"}]
    shown = add_passages(messages, passages)
    assert shown[:2] == messages[:2]
    assert "[1] Manual \u203a Weights\nThe crane weighs 12 kg.\n\n[2] Manual \u203a Weights\nSee [ 1]" in shown[2]["content"]
    assert shown[2]["content"].endswith("Question: How heavy?")


def test_a_search_that_found_nothing_adds_nothing() -> None:
    messages = [{"role": "user", "content": "How heavy?"}]
    assert add_passages(messages, list_passages([search()])) == messages
    assert list_passages([{"type": "file_search_call", "results": None}]) == []
