from collections.abc import Sequence

from services.evaluation.datasets.distillation.splitting.conversations import Conversations


def add(conversations: Conversations, first_id: str, *texts: str) -> None:
    """Add an example of texts by turns: of the user, of the assistant, and so on; the last is the answer."""
    roles = ("user", "assistant")
    *prompt, reply = [{"role": roles[place % 2], "content": text} for place, text in enumerate(texts)]
    conversations.add(first_id, prompt, reply)


def group(*examples: tuple[str, Sequence[str]]) -> list[int]:
    conversations = Conversations()
    for first_id, texts in examples:
        add(conversations, first_id, *texts)
    assert len(conversations) == len(examples)
    return conversations.group()


def test_turns_of_the_same_first_response_are_together_even_if_it_is_no_example() -> None:
    assert group(("r1", ["a", "b", "c", "d"]), ("r2", ["x", "y"]), ("r1", ["a", "b", "e", "f"])) == [0, 1, 0]


def test_the_same_prompt_is_together_whatever_the_answer_case_and_white_space() -> None:
    assert group(("r1", ["How heavy?", "12"]), ("r2", ["how  HEAVY?\n", "13"]), ("r3", ["How long?", "12"])) == [0, 0, 2]


def test_a_client_that_sends_the_whole_conversation_is_understood_in_any_order() -> None:
    turns = [("r1", ["a", "b"]), ("r2", ["a", "b", "c", "d"]), ("r3", ["a", "b", "c", "d", "e", "f"])]
    assert len(set(group(*turns))) == len(set(group(*reversed(turns)))) == 1


def test_the_same_examples_in_front_of_questions_are_no_conversation() -> None:
    shots = ["2 + 2?", "4", "3 + 3?", "6"]
    assert group(("r1", [*shots, "1 + 1?", "2"]), ("r2", [*shots, "5 + 5?", "10"])) == [0, 1]


def test_two_conversations_become_one_if_a_third_belongs_to_both() -> None:
    assert group(("r1", ["a", "b"]), ("r2", ["x", "y"]), ("r1", ["x", "z"])) == [0, 0, 0]


def test_texts_that_only_look_the_same_when_joined_differ() -> None:
    assert group(("r1", ["ab", "c", "d", "e"]), ("r2", ["a", "bc", "d", "e"])) == [0, 1]
