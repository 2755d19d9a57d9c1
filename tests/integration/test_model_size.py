"""The parameters that are counted from a configuration, against the models that transformers builds from it (without memory)."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import CONFIG_MAPPING, AutoModelForCausalLM

from services.training.planning.plan import LoraShape
from services.training.trainer.configure import adapt
from shared.planning.experts import MIXTURES
from shared.planning.model_size import KNOWN, read_model_size
from tests.unit.training.cases import make_plan

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


CHOSEN = {"num_experts_per_tok": 2}
QWEN = {"num_experts": 4, "moe_intermediate_size": 48, **CHOSEN}
DEEPSEEK: dict[str, Any] = {
    "n_routed_experts": 4,
    "moe_intermediate_size": 48,
    "n_shared_experts": 2,
    "num_key_value_heads": 4,
    "kv_lora_rank": 16,
    "q_lora_rank": 24,
    "qk_nope_head_dim": 8,
    "qk_rope_head_dim": 4,
    "v_head_dim": 6,
    "n_group": 1,
    "topk_group": 1,
    **CHOSEN,
}
EXPERTS: list[tuple[str, dict[str, Any]]] = [
    ("mixtral", {"num_local_experts": 4, **CHOSEN}),
    ("gpt_oss", {"num_local_experts": 4, "head_dim": 32, **CHOSEN}),
    ("gpt_oss", {"num_local_experts": 4, "attention_bias": False, **CHOSEN}),
    ("qwen3_moe", {**QWEN, "head_dim": 32}),
    ("qwen3_moe", {**QWEN, "mlp_only_layers": [0], "attention_bias": True}),
    ("qwen2_moe", {**QWEN, "shared_expert_intermediate_size": 80}),
    ("qwen2_moe", {**QWEN, "shared_expert_intermediate_size": 80, "decoder_sparse_step": 2, "qkv_bias": False}),
    ("deepseek_v3", {**DEEPSEEK, "first_k_dense_replace": 1}),
    ("deepseek_v3", {**DEEPSEEK, "first_k_dense_replace": 0, "q_lora_rank": None, "attention_bias": True}),
    ("deepseek_v2", {**DEEPSEEK, "first_k_dense_replace": 1, "mlp_bias": True}),
]


@pytest.mark.parametrize("options", [{}, {"head_dim": 32, "tie_word_embeddings": True}, {"tie_word_embeddings": False, **BIASES}])
@pytest.mark.parametrize("kind", sorted(KNOWN - MIXTURES))
def test_parameters_and_linear_layers_are_those_of_the_model(kind: str, options: dict[str, Any]) -> None:
    check(kind, options)


@pytest.mark.parametrize(("kind", "options"), EXPERTS)
def test_parameters_and_linear_layers_of_a_model_with_experts_are_those_of_the_model(kind: str, options: dict[str, Any]) -> None:
    check(kind, options)


def check(kind: str, options: dict[str, Any]) -> None:
    config = CONFIG_MAPPING[kind](**{**SIZES, **options})
    with torch.device("meta"):
        model: Any = AutoModelForCausalLM.from_config(config)  # type: ignore[no-untyped-call]
    size = read_model_size(json.loads(config.to_json_string()))
    assert size.is_known
    assert size.parameters == sum(parameter.numel() for parameter in model.parameters())
    layers = [(name, module) for name, module in model.named_modules() if isinstance(module, torch.nn.Linear) and ".layers." in name]
    found = Counter((name.split(".")[-1], module.in_features, module.out_features) for name, module in layers)
    assert Counter({(each.name, each.inputs, each.outputs): each.blocks for each in size.linear}) == found
    with torch.device("meta"):
        adapted = adapt(model, Path("nowhere"), make_plan(shape=LoraShape(rank=4, alpha=8.0, dropout=0.0)))
    trained = [(name, parameter) for name, parameter in adapted.named_parameters() if parameter.requires_grad]
    assert size.count_adapter_parameters(4, "all-linear") == sum(parameter.numel() for _, parameter in trained)
    assert not any("experts.base_layer" in name or ".experts.lora" in name for name, _ in trained)


def test_defaults_that_a_configuration_leaves_out_are_those_of_transformers() -> None:
    config = CONFIG_MAPPING["llama"](**SIZES)
    with torch.device("meta"):
        model: Any = AutoModelForCausalLM.from_config(config)  # type: ignore[no-untyped-call]
    size = read_model_size({**SIZES, "model_type": "llama"})
    assert size.parameters == sum(parameter.numel() for parameter in model.parameters())
