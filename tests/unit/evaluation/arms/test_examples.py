"""The examples that an arm is shown: drawn by the seed, short if they must be, without passages if possible."""

import pytest

from services.evaluation.arms.examples import BYTES_PER_EXAMPLE, choose_examples, has_passages, without_passages
from shared.datasets import Example
from tests.unit.evaluation.arms.chats import make_chat, make_chats, make_rag_chat


def questions_of(examples: tuple[Example, ...]) -> list[str]:
    return [example.messages[0].content for example in examples]


def test_the_choice_depends_on_the_seed_and_not_on_the_order_of_the_file() -> None:
    chats = make_chats(40)
    chosen = choose_examples(chats, 5, seed=7)
    assert choose_examples(chats[::-1], 5, seed=7) == chosen
    assert len({tuple(questions_of(choose_examples(chats, 5, seed))) for seed in range(20)}) > 15
    assert choose_examples(chats, 8, seed=7)[:5] == chosen


def test_examples_are_shown_without_their_system_message_and_a_greeting_of_the_assistant() -> None:
    greeting = make_chat("Which torque?", "6.5 Nm", "assistant", "user", "assistant", system="Be brief.")
    (example,) = choose_examples([greeting], 3, seed=0)
    assert [message.role for message in example.messages] == ["user", "assistant"]


def test_a_question_is_shown_once() -> None:
    chats = [make_chat("Which  torque?", "6.5 Nm"), make_chat("which torque?", "7 Nm"), make_chat("Which oil?", "ISO 46")]
    assert len(choose_examples(chats, 5, seed=0)) == 2


def test_a_chat_of_several_turns_is_shown_whole() -> None:
    chat = make_chat("Which torque?", "6.5 Nm", "user", "assistant", "user", "assistant")
    assert choose_examples([chat], 1, seed=0) == (chat,)


def test_chats_with_calls_of_tools_are_not_shown() -> None:
    call = {"id": "call_1", "type": "function", "function": {"name": "find", "arguments": "{}"}}
    asked: list[dict[str, object]] = [{"role": "user", "content": "Where?"}, {"role": "assistant", "content": "", "tool_calls": [call]}]
    answered = [*asked, {"role": "tool", "content": "Here.", "tool_call_id": "call_1"}, {"role": "assistant", "content": "Here."}]
    tools = [{"type": "function", "function": {"name": "find"}}]
    chats = [Example.model_validate({"messages": messages, "tools": tools}) for messages in (asked, answered)]
    assert choose_examples(chats, 4, seed=1) == ()


def test_the_shortest_are_taken_if_the_drawn_ones_do_not_fit() -> None:
    long = [make_chat(f"Question {number} {'x' * 20_000}", "yes") for number in range(50)]
    short = [make_chat(f"Question {number}?", "no") for number in range(3)]
    chosen = choose_examples([*long, *short], 5, seed=1)
    assert sorted(questions_of(chosen)) == ["Question 0?", "Question 1?", "Question 2?"]


def test_the_limit_is_in_bytes_because_other_scripts_need_more_tokens() -> None:
    chats = [make_chat(f"{number} {'ポンプ' * 80}", "はい") for number in range(6)]  # 240 characters, 720 bytes
    assert len(choose_examples(chats, 6, seed=0)) == 6
    longer = [make_chat(f"{number} {'ポンプ' * 100}", "はい") for number in range(6)]
    chosen = choose_examples(longer, 6, seed=0)
    assert sum(len(message.content.encode()) for chat in chosen for message in chat.messages) <= 6 * BYTES_PER_EXAMPLE
    assert len(chosen) == 5


def test_one_example_is_shown_however_long_it_is() -> None:
    assert len(choose_examples([make_chat("x" * 100_000, "yes")], 5, seed=0)) == 1


def test_examples_with_passages_are_taken_only_if_there_are_no_others() -> None:
    with_passages = [make_rag_chat(number) for number in range(30)]
    plain = make_chats(3)
    assert set(questions_of(choose_examples([*with_passages, *plain], 5, seed=0))) == {chat.messages[0].content for chat in plain}
    assert len(choose_examples(with_passages, 2, seed=0)) == 2


@pytest.mark.parametrize("number", [0, 5])
def test_without_examples_there_is_nothing_to_choose(number: int) -> None:
    assert choose_examples([], number, seed=0) == ()
    assert choose_examples(make_chats(3), 0, seed=0) == ()


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("<DOCUMENT>Pumps need oil.</DOCUMENT>\nWhich oil?", True),
        ("Context: Pumps need oil.\nQuestion: Which oil?", True),
        ("Which oil?\n\nSources:\nPumps need oil.", True),
        ("[1] Pumps need oil.\n[2] Valves do not.\nWhich oil?", True),
        ("Which documents do I need?", False),
        ("Explain in context: what is a pump?", False),
        ("What is x[1] in Python?", False),
        ("Wie heißt <b>das</b>?", False),
    ],
)
def test_passages_are_recognized_by_their_form(question: str, expected: bool) -> None:
    chat = make_chat(question, "ISO 46")
    assert has_passages(chat) is expected
    assert list(without_passages([chat])) == [chat]
