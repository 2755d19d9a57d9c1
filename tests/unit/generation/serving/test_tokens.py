from typing import Any

import pytest

from services.generation.serving.tokens import find_control_tokens


def test_control_tokens_are_read_in_every_form_that_tokenizers_use() -> None:
    config = {
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
    assert find_control_tokens(config) == {"<s>", "</s>", "<a>", "<b>", "<image>", "<|x|>", "<|y|>"}


@pytest.mark.parametrize("config", [None, [], "text", {}, {"added_tokens_decoder": []}])
def test_a_configuration_without_tokens_has_none(config: Any) -> None:
    assert find_control_tokens(config) == frozenset()
