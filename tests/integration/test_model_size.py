"""The parameters that are counted from a configuration, against the models that transformers builds from it (without memory)."""

import json
from typing import Any

import pytest
import torch
from transformers import CONFIG_MAPPING, AutoModelForCausalLM

from shared.planning.model_size import KNOWN, read_model_size

SIZES: dict[str, Any] = {
    "hidden_size": 64,
    "intermediate_size": 160,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "vocab_size": 500,
    "pad_token_id": 0,
    "bos_token_id": 1,
    "eos_token_id": 2,
}
BIASES = {"attention_bias": True, "mlp_bias": True}


@pytest.mark.parametrize("options", [{}, {"head_dim": 32, "tie_word_embeddings": True}, {"tie_word_embeddings": False, **BIASES}])
@pytest.mark.parametrize("kind", sorted(KNOWN))
def test_parameters_and_linear_layers_are_those_of_the_model(kind: str, options: dict[str, Any]) -> None:
    config = CONFIG_MAPPING[kind](**SIZES, **options)
    with torch.device("meta"):
        model: Any = AutoModelForCausalLM.from_config(config)  # type: ignore[no-untyped-call]
    size = read_model_size(json.loads(config.to_json_string()))
    assert size.is_known
    assert size.parameters == sum(parameter.numel() for parameter in model.parameters())
    layers = [(name, module) for name, module in model.named_modules() if isinstance(module, torch.nn.Linear) and ".layers." in name]
    assert size.linear == {name.split(".")[-1]: (module.in_features, module.out_features) for name, module in layers}


def test_defaults_that_a_configuration_leaves_out_are_those_of_transformers() -> None:
    config = CONFIG_MAPPING["llama"](**SIZES)
    with torch.device("meta"):
        model: Any = AutoModelForCausalLM.from_config(config)  # type: ignore[no-untyped-call]
    size = read_model_size({**SIZES, "model_type": "llama"})
    assert size.parameters == sum(parameter.numel() for parameter in model.parameters())
