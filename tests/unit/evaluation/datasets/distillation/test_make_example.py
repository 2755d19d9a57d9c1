import json
from typing import Any

import pytest

from services.evaluation.datasets.distillation.faults import LeftOut
from services.evaluation.datasets.distillation.make_example import make_example, to_history
from services.evaluation.datasets.distillation.read_responses import StoredTurn
from shared.contracts.datasets import AnswersSpec
from shared.datasets import read_examples
from tests.unit.evaluation.datasets.distillation.turns import make_spec, make_turn, say, search

IMAGE = {"type": "message", "role": "user", "content": [{"type": "input_image", "image_url": "https://a.example/b.png"}]}
CALL = {"type": "function_call", "call_id": "call_1", "name": "weigh", "arguments": '{"part": "crane"}'}
RESULT = {"type": "function_call_output", "call_id": "call_1", "output": "12 kg"}
WEIGH = {"type": "function", "name": "weigh", "description": None, "parameters": {"type": "object"}, "strict": None}
GROUNDED = [search("It weighs 12 kg."), say("12 kg [1].", "assistant")]


def read(turn: StoredTurn, spec: AnswersSpec | None = None, history: list[Any] | None = None) -> list[Any]:
    """Return the messages of the example of a response; it can be trained."""
    line = make_example(turn, history or [], spec or make_spec()).line
    assert len(list(read_examples([line], minimum=1))) == 1
    messages: list[Any] = json.loads(line)["messages"]
    return messages


def find_fault(turn: StoredTurn, spec: AnswersSpec | None = None) -> str:
    with pytest.raises(LeftOut) as reason:
        make_example(turn, [], spec or make_spec())
    return reason.value.fault


def test_an_example_has_the_prompt_that_the_model_had_and_only_its_answer_is_learned() -> None:
    first = make_turn([say("Be kind.", "developer"), say("Wie schwer?")], "12 kg \U0001f600", instructions="Ignored later.")
    second = make_turn("And the drum?", "15 kg", id="resp_2", after="resp_1", instructions="Be short.")
    assert read(second, history=to_history(first, make_spec())) == [
        {"role": "system", "content": "Be short."},
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": "Wie schwer?"},
        {"role": "assistant", "content": "12 kg \U0001f600", "weight": 0},
        {"role": "user", "content": "And the drum?"},
        {"role": "assistant", "content": "15 kg"},
    ]


@pytest.mark.parametrize(
    ("changes", "system"),
    [
        ({}, ["Long rules.", "More rules."]),
        ({"responses": {"instructions": "drop"}}, []),
        ({"instructions": "Be short."}, ["Be short."]),
        ({"responses": {"instructions": "drop"}, "instructions": "Be short."}, ["Be short."]),
    ],
)
def test_instructions_are_kept_dropped_or_replaced_with_all_system_messages(changes: dict[str, Any], system: list[str]) -> None:
    turn = make_turn([say("More rules.", "system"), say("How heavy?")], "12 kg", instructions="Long rules.")
    messages = read(turn, make_spec(**changes))
    assert [message["content"] for message in messages if message["role"] == "system"] == system
    assert messages[-2:] == [{"role": "user", "content": "How heavy?"}, {"role": "assistant", "content": "12 kg"}]


def test_passages_are_kept_in_their_own_turn_only_or_dropped_with_their_numbers() -> None:
    turn = make_turn("How heavy?", GROUNDED)
    kept, dropped = read(turn), read(turn, make_spec(responses={"passages": "drop"}))
    assert "It weighs 12 kg." in kept[0]["content"]
    assert kept[1]["content"] == "12 kg [1]."
    assert [message["content"] for message in dropped] == ["How heavy?", "12 kg."]
    assert [message["content"] for message in to_history(turn, make_spec())] == ["How heavy?", "12 kg [1]."]
    assert [message["content"] for message in to_history(turn, make_spec(responses={"passages": "drop"}))] == ["How heavy?", "12 kg."]


def test_passages_in_a_form_of_the_request_are_only_dropped() -> None:
    turn = make_turn("How heavy?", GROUNDED, tools=[{"type": "file_search", "prompt_template": "{{ question }}"}])
    assert find_fault(turn) == "own_template"
    assert read(turn, make_spec(responses={"passages": "drop"}))[0]["content"] == "How heavy?"


@pytest.mark.parametrize(
    ("turn", "fault"),
    [
        (make_turn("a", "b", status="failed"), "failed"),
        (make_turn("a", "b", status="cancelled"), "cancelled"),
        (make_turn("a", "b", status="incomplete"), "incomplete"),
        (make_turn("a", "b", status="queued"), "unfinished"),
        (make_turn("a", "b", status="in_progress"), "unfinished"),
        (make_turn("a", "The documents do not say.", grounding={"abstained": True}), "abstained"),
        (make_turn("a", []), "no_answer"),
        (make_turn([IMAGE], "b"), "images"),
        (make_turn([say("a", "system")], "b"), "not_trainable"),
        (make_turn("  ", "b"), "not_trainable"),
        (make_turn("a", "half \ud83d"), "not_trainable"),
        (make_turn("a", "nul \0"), "not_trainable"),
        (make_turn("a" * (8 * 1024 * 1024), "b"), "not_trainable"),
    ],
)
def test_a_response_that_is_no_example_says_why(turn: StoredTurn, fault: str) -> None:
    assert find_fault(turn) == fault


def test_functions_are_kept_with_their_calls_or_skipped() -> None:
    asked = make_turn("How heavy?", [say("I will look.", "assistant"), CALL], tools=[WEIGH])
    answered = make_turn([RESULT], "12 kg", tools=[WEIGH], after="resp_1")
    history = to_history(asked, make_spec())
    assert [message["role"] for message in read(answered, history=history)] == ["user", "assistant", "assistant", "tool", "assistant"]
    call = read(asked)[-1]
    assert (call["content"], call["tool_calls"][0]["function"]["name"], "weight" in call) == ("I will look.", "weigh", False)
    for turn in (asked, answered, make_turn("How heavy?", "I cannot know.", tools=[WEIGH])):
        assert find_fault(turn, make_spec(responses={"tools": "skip"})) == "tools"
    assert read(make_turn("How heavy?", "12 kg"), make_spec(responses={"tools": "skip"}))


@pytest.mark.parametrize(
    "turn",
    [
        make_turn([say("How heavy?"), CALL, RESULT], "12 kg"),
        make_turn([say("How heavy?"), CALL, say("Well?")], "12 kg", tools=[WEIGH]),
        make_turn("How heavy?", [{**CALL, "arguments": "{"}], tools=[WEIGH]),
    ],
)
def test_calls_that_cannot_be_trained_leave_a_response_out(turn: StoredTurn) -> None:
    assert find_fault(turn) == "tools"


def test_an_abstention_that_did_not_happen_is_an_example() -> None:
    assert read(make_turn("a", "b", grounding={"abstained": False}))[-1]["content"] == "b"
