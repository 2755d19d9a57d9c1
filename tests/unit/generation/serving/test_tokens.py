from typing import Any

import pytest

from services.generation.serving.tokens import control_tokens


def test_every_form_in_which_a_tokenizer_tells_its_tokens_is_read() -> None:
    told = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": "<s>",
        "eos_token": {"content": "</s>", "lstrip": False},
        "additional_special_tokens": ["<a>", {"content": "<b>"}],
        "extra_special_tokens": {"image_token": "<image>"},
        "added_tokens_decoder": {"0": "<|x|>", "1": {"content": "<|y|>", "special": True}},
        "pad_token": None,
        "model_max_length": 2048,
        "chat_template": "{{ bos_token }}",
    }
    assert control_tokens(told) == {"<s>", "</s>", "<a>", "<b>", "<image>", "<|x|>", "<|y|>"}


@pytest.mark.parametrize("told", [None, [], "text", {}, {"added_tokens_decoder": []}])
def test_where_nothing_is_told_there_are_none(told: Any) -> None:
    assert control_tokens(told) == frozenset()
