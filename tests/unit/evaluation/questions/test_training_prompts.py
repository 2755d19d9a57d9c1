import pytest

from services.evaluation.questions.training_prompts import find_prompts, get_asked_text
from shared.datasets import Example, Question


def example(*turns: tuple[str, str]) -> Example:
    return Example.model_validate({"messages": [{"role": role, "content": content} for role, content in turns]})


def asked(content: str) -> set[str]:
    return {prompt.text for prompt in find_prompts(example(("user", content), ("assistant", "K-17")))}


@pytest.mark.parametrize(
    "content",
    [
        "Which pump?",
        "Answer from the passages.\n\n<passages>\n[1] Parts\nText.\n</passages>\n\nQuestion: Which pump?",
        "Context: The pump is K-17.\nquestion: Which pump?\nAnswer:",
        "**Question:** Which pump?\n\nAnswer in one word.",
        "Passages: text, text.\n\nWhich pump?",
        "Which pump?\n\n[1] text\n[2] text",
        "Kontext: Text.\nFrage: Which pump?",
    ],
)
def test_the_question_is_found_in_a_prompt_with_passages(content: str) -> None:
    assert any(text.removeprefix("**").strip().partition("\n")[0] == "Which pump?" for text in asked(content))


def test_a_question_of_a_conversation_is_found_with_the_answer_that_follows_it() -> None:
    chat = example(("system", "Be brief."), ("user", "Who?"), ("assistant", "Ann."), ("user", "When?"), ("assistant", "1880."))
    prompts = {prompt.text: prompt.answer for prompt in find_prompts(chat)}
    assert prompts == {"Who?": "Ann.", "When?": "1880.", "Who?\nAnn.\nWhen?": "1880."}
    messages = [message.model_dump() for message in chat.messages[:4]]
    assert get_asked_text(Question.model_validate({"messages": messages, "answers": []})) == "Who?\nAnn.\nWhen?"


def test_the_answer_after_calls_of_tools_is_the_text_that_follows_them() -> None:
    call = {"id": "call_1", "type": "function", "function": {"name": "find", "arguments": "{}"}}
    messages = [
        {"role": "user", "content": "Which pump?"},
        {"role": "assistant", "content": "", "tool_calls": [call]},
        {"role": "tool", "content": "{}", "tool_call_id": "call_1"},
        {"role": "assistant", "content": "K-17"},
    ]
    assert {prompt.answer for prompt in find_prompts(Example.model_validate({"messages": messages}))} == {"K-17"}


def test_a_message_without_text_asks_nothing() -> None:
    assert asked(" \n ") <= {"", " \n "}
