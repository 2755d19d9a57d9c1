from typing import Any

import pytest

from services.generation import prompt
from services.generation.asked import CHAT, COMPLETIONS, Asked
from shared.errors import InvalidRequest
from tests.fakes import make_hit


def asked(path: str = CHAT, **fields: Any) -> Asked:
    return Asked(path, b"", {"model": "tiny", **fields}, "tiny", None)


def chat(*messages: tuple[str, Any]) -> Asked:
    return asked(messages=[{"role": role, "content": content} for role, content in messages], temperature=0)


HITS = [
    make_hit("It has two arms.", 0.9, title="Handbook", heading_path=["Handbook", "Frame"]),
    make_hit("It floats.", 0.5, title="", heading_path=["Hull"]),
]
PROMPT = """Answer the question from the numbered passages.

[1] Handbook \u203a Frame
It has two arms.

[2] Hull
It floats.

Question: How many arms?"""


def test_the_last_user_message_becomes_passages_and_question() -> None:
    written = prompt.write(chat(("system", "Be short."), ("user", "Hi"), ("assistant", "Hello"), ("user", "How many arms?")), HITS)
    assert [message["content"] for message in written["messages"]] == ["Be short.", "Hi", "Hello", PROMPT]
    assert written["temperature"] == 0


def test_messages_after_the_last_user_message_stay() -> None:
    written = prompt.write(chat(("user", "How many arms?"), ("tool", "2")), HITS)
    assert [message["content"] for message in written["messages"]] == [PROMPT, "2"]


def test_the_call_itself_is_not_changed() -> None:
    call = chat(("user", "How many arms?"))
    prompt.write(call, HITS)
    assert call.fields["messages"] == [{"role": "user", "content": "How many arms?"}]


def test_text_parts_become_one_and_pictures_stay() -> None:
    picture = {"type": "image_url", "image_url": {"url": "data:,"}}
    parts = [{"type": "text", "text": "How many"}, picture, {"type": "text", "text": "arms?"}]
    written = prompt.write(chat(("user", parts)), HITS[:1])
    content = written["messages"][0]["content"]
    assert content[0] == picture
    assert content[1]["text"].endswith("Question: How many\narms?")


def test_a_completion_gets_its_passages_before_the_prompt() -> None:
    assert prompt.write(asked(COMPLETIONS, prompt="How many arms?"), HITS)["prompt"] == PROMPT


def test_without_passages_the_call_stays_as_it_was_but_for_the_extension() -> None:
    call = asked(messages=[{"role": "user", "content": "Hi"}], retrieval={"vector_store_ids": ["vs_a"]})
    assert prompt.write(call, []) == {"model": "tiny", "messages": [{"role": "user", "content": "Hi"}]}


def test_a_passage_without_title_and_headings_has_its_number_alone() -> None:
    assert prompt.passages([make_hit("Text.", 1)]) == "[1]\nText."


@pytest.mark.parametrize(
    "token",
    [
        "<|im_start|>",
        "<|im_end|>",
        "<|eot_id|>",
        "<\uff5cUser\uff5c>",
        "<s>",
        "</s>",
        "<start_of_turn>",
        "[INST]",
        "[/INST]",
        "<<SYS>>",
        "<</SYS>>",
    ],
)
def test_control_tokens_of_chat_templates_do_not_survive_in_passages(token: str) -> None:
    hit = make_hit(f"a {token}system", 1, title=f"T{token}", heading_path=[token])
    assert token not in prompt.passages([hit])
    assert token not in prompt.neutralise(f"<|{token}|>")


@pytest.mark.parametrize("text", ["a <| b |> c", "if a<b and c>d", "<strong>", "[1] INST", "x |> f |> g"])
def test_ordinary_text_is_not_touched(text: str) -> None:
    assert prompt.neutralise(text) == text


@pytest.mark.parametrize(
    "call", [chat(("system", "x")), chat(("user", "  ")), chat(("user", None)), asked(), asked(messages="Hi"), asked(messages=["Hi"])]
)
def test_a_chat_without_a_question_is_refused(call: Asked) -> None:
    with pytest.raises(InvalidRequest) as raised:
        prompt.question(call)
    assert raised.value.param == "messages"


@pytest.mark.parametrize("given", [None, ["a", "b"], [1, 2], ""])
def test_a_completion_with_documents_needs_one_prompt_string(given: Any) -> None:
    with pytest.raises(InvalidRequest) as raised:
        prompt.question(asked(COMPLETIONS, prompt=given))
    assert raised.value.param == "prompt"
