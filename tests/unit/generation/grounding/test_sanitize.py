import time

import pytest

from services.generation.grounding.sanitize import has_control_tokens, sanitize, split_control_tokens

TOKENS = [
    "<|im_start|>", "<|im_end|>", "<|endoftext|>", "<|begin_of_text|>", "<|start_header_id|>", "<|eot_id|>", "<|end|>", "<|assistant|>",
    "<\uff5cUser\uff5c>", "<\uff5cbegin\u2581of\u2581sentence\uff5c>", "\uff1c|im_start|\uff1e",
    "<s>", "</s>", "<pad>", "<bos>", "<eos>", "<unk>",
    "<start_of_turn>", "<end_of_turn>", "<tool_call>", "</tool_call>", "<repo_name>", "<extra_id_0>", "<unused17>", "<think>", "</think>",
    "[INST]", "[/INST]", "[SYSTEM_PROMPT]", "[AVAILABLE_TOOLS]", "[TOOL_CALLS]", "[IMG]", "<<SYS>>", "<</SYS>>", "<|IM_START|>",
]  # fmt: skip


@pytest.mark.parametrize("token", TOKENS)
def test_a_control_token_of_any_common_template_gets_a_space(token: str) -> None:
    for text in (token, f"<{token}", f"a{token}{token}system", token[0] + token):
        assert has_control_tokens(text)
        assert token not in sanitize(text)
        assert sanitize(text).replace(" ", "") == text


@pytest.mark.parametrize("token", ["~~x~~", "<tag with space>", "\u2581<0x0A>", "\\end"])
def test_the_models_own_control_tokens_are_split_too(token: str) -> None:
    assert sanitize(f"a{token}") == f"a{token}"
    assert token not in sanitize(f"a{token}{token}", [token, "    ", "word"])


def test_words_and_spaces_that_a_tokenizer_added_are_left_alone() -> None:
    assert sanitize("a    word", ["    ", "word", "a"]) == "a    word"


@pytest.mark.parametrize(
    "text", ["</passages>", "<passages>", "</ Passage >", "<passage id=1>", "\uff1c/passages\uff1e", "[1]", "[1, 22]", "[3;4]"]
)
def test_the_fence_and_the_numbers_of_passages_are_split(text: str) -> None:
    assert text not in sanitize(text)


@pytest.mark.parametrize(
    "text",
    [
        "a < b > c",
        "<b>bold</b>",
        "[link](url)",
        "[TODO]",
        "x[i] and [1234]",
        "1 <2| 3|>",
        "[]",
        "<>",
        "a|b",
        "passages",
        "if a<b and c>d",
        "x |> f |> g",
    ],
)
def test_other_text_is_not_changed(text: str) -> None:
    assert sanitize(text) == text


def test_sanitized_text_is_not_changed_again() -> None:
    once = sanitize("".join(TOKENS) + "[1]</passages>")
    assert sanitize(once) == split_control_tokens(once) == once


@pytest.mark.parametrize("piece", ["<|", "<", "[", "[1,", "[1 ,", "< ", "<a_", "a_", "[A_", "[AA", "<\uff5c", "</"])
def test_time_is_linear_in_the_length_of_the_text(piece: str) -> None:
    started = time.process_time()
    sanitize("<" + piece * 100_000, ["<|x|>", "[ab]"])
    assert time.process_time() - started < 2
