"""Examples of stored chat completions. Those of responses are in test_make_example.py."""

import json
from typing import Any

import pytest

from services.evaluation.datasets.distillation.faults import LeftOut
from services.evaluation.datasets.distillation.make_example import make_example
from services.evaluation.datasets.distillation.read_completions import StoredChat
from shared.contracts.datasets import AnswersSpec
from shared.datasets import read_examples
from tests.unit.evaluation.datasets.distillation.chats import ASKED, CALL, TOOL, choose, make_chat

CITATIONS = [
    {"index": 1, "text": "An octopus has eight arms.", "chunk": {"title": "Manual", "heading_path": ["Manual", "Arms"], "page": None}},
    {"index": 2, "text": "It floats.", "chunk": {"title": None, "heading_path": []}},
]
EIGHT = {"role": "assistant", "content": "Eight."}


def make_spec(instructions: str | None = None, **chosen: Any) -> AnswersSpec:
    return AnswersSpec.model_validate({"source": "chat_completions", "chat_completions": chosen, "instructions": instructions})


def read(chat: StoredChat, spec: AnswersSpec | None = None) -> dict[str, Any]:
    line = make_example(chat, [], spec or make_spec()).line
    assert len(list(read_examples([line], minimum=1))) == 1
    example: dict[str, Any] = json.loads(line)
    return example


def find_fault(chat: StoredChat, **chosen: Any) -> str:
    with pytest.raises(LeftOut) as raised:
        make_example(chat, [], make_spec(**chosen))
    return raised.value.fault


def test_an_example_has_the_messages_as_they_were_sent_and_learns_only_the_answer() -> None:
    sent = [
        {"role": "developer", "content": "Be short."},
        {"role": "user", "content": [{"type": "text", "text": "Hi,"}, {"type": "text", "text": "octopus."}], "name": "Ann"},
        {"role": "assistant", "content": ["Hi."], "refusal": None, "audio": None, "tool_calls": []},
        *ASKED,
    ]
    assert read(make_chat(messages=sent)) == {
        "messages": [
            {"role": "system", "content": "Be short."},
            {"role": "user", "content": "Hi,\noctopus.", "name": "Ann"},
            {"role": "assistant", "content": "Hi.", "weight": 0},
            *ASKED,
            EIGHT,
        ]
    }


def test_of_several_answers_the_first_is_learned() -> None:
    assert read(make_chat(choose("Eight."), choose("Nine.", index=1)))["messages"] == [*ASKED, EIGHT]


def test_the_datasets_instructions_replace_those_of_the_chat() -> None:
    chat = make_chat(messages=[{"role": "system", "content": "A page of rules."}, *ASKED])
    assert read(chat, make_spec("Count."))["messages"] == [{"role": "system", "content": "Count."}, *ASKED, EIGHT]
    assert read(chat, make_spec(instructions=None))["messages"][0]["content"] == "A page of rules."
    dropped = AnswersSpec.model_validate({"source": "chat_completions", "chat_completions": {"instructions": "drop"}})
    assert read(chat, dropped)["messages"] == [*ASKED, EIGHT]


def test_functions_and_their_calls_and_results_are_kept_or_skipped() -> None:
    result = {"role": "tool", "tool_call_id": "call_1", "content": "8"}
    called = {"role": "assistant", "content": None, "tool_calls": [CALL]}
    chat = make_chat(messages=[*ASKED, called, result], request={"tools": [TOOL]})
    assert read(chat) == {"messages": [*ASKED, {**called, "weight": 0}, result, EIGHT], "tools": [TOOL]}
    asks = make_chat(choose(None, "tool_calls", tool_calls=[CALL]), request={"tools": [TOOL]})
    assert read(asks) == {"messages": [*ASKED, called], "tools": [TOOL]}
    assert find_fault(chat, tools="skip") == find_fault(asks, tools="skip") == "tools"
    assert find_fault(make_chat(choose(None, "tool_calls", tool_calls=[CALL]))) == "tools"


def test_passages_are_in_the_prompt_as_the_model_saw_them_or_dropped_with_their_numbers() -> None:
    chat = make_chat(choose("Eight [1]."), citations=CITATIONS, abstained=False)
    prompt = read(chat)["messages"][0]["content"]
    assert "[1] Manual \u203a Arms\nAn octopus has eight arms.\n\n[2]\nIt floats." in prompt
    assert prompt.endswith("Question: How many arms?")
    assert read(chat, make_spec(passages="drop"))["messages"] == [*ASKED, EIGHT]
    own = make_chat(citations=CITATIONS, request={"retrieval": {"prompt_template": "{{ passages }} {{ question }}"}})
    assert find_fault(own) == "own_template"
    assert read(own, make_spec(passages="drop"))["messages"] == [*ASKED, EIGHT]


@pytest.mark.parametrize(
    ("chat", "fault"),
    [
        (make_chat(choose("Eig", "length")), "incomplete"),
        (make_chat(choose("", "content_filter")), "incomplete"),
        (make_chat(choose(None)), "no_answer"),
        (StoredChat("chatcmpl-1", ASKED, {"model": "tiny"}, {"choices": []}), "no_answer"),
        (make_chat(choose(" \n")), "no_answer"),
        (make_chat(choose("Nothing was found."), abstained=True), "abstained"),
        (make_chat(messages=[{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:,"}}]}]), "images"),
        (make_chat(messages=[{"role": "user", "content": [{"type": "input_audio", "input_audio": {}}]}]), "images"),
        (make_chat(messages=[{"role": "user", "content": [{"image_url": "data:,"}, "What is it?"]}]), "images"),
        (make_chat(messages=[{"role": "user", "content": " "}]), "not_trainable"),
        (make_chat(messages=[{"role": "narrator", "content": "Once."}, *ASKED]), "not_trainable"),
        (make_chat(messages=[{"role": "system", "content": "Write."}]), "not_trainable"),
        (make_chat(messages=[]), "not_trainable"),
        (make_chat(choose("A\0B")), "not_trainable"),
    ],
)
def test_a_completion_without_a_trainable_answer_is_left_out(chat: StoredChat, fault: str) -> None:
    assert find_fault(chat) == fault
