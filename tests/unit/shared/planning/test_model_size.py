"""The size of a base model, from its configuration."""

import pytest

from shared.planning.memory import Computation, estimate_memory
from shared.planning.model_size import read_model_size

# The sizes in the published `config.json`, and the number of parameters in the headers of the published weights.
SMOLLM = {
    "model_type": "llama",
    "hidden_size": 576,
    "intermediate_size": 1536,
    "num_hidden_layers": 30,
    "num_attention_heads": 9,
    "num_key_value_heads": 3,
    "vocab_size": 49_152,
    "tie_word_embeddings": True,
}
QWEN = {
    "model_type": "qwen3",
    "hidden_size": 1024,
    "intermediate_size": 3072,
    "num_hidden_layers": 28,
    "num_attention_heads": 16,
    "num_key_value_heads": 8,
    "head_dim": 128,
    "vocab_size": 151_936,
    "tie_word_embeddings": True,
}


MIXTRAL = {
    "model_type": "mixtral",
    "hidden_size": 4096,
    "intermediate_size": 14_336,
    "num_hidden_layers": 32,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "vocab_size": 32_000,
    "num_local_experts": 8,
    "num_experts_per_tok": 2,
}
GPT_OSS = {
    "model_type": "gpt_oss",
    "hidden_size": 2880,
    "intermediate_size": 2880,
    "num_hidden_layers": 36,
    "num_attention_heads": 64,
    "num_key_value_heads": 8,
    "head_dim": 64,
    "vocab_size": 201_088,
    "num_local_experts": 128,
    "num_experts_per_tok": 4,
}
QWEN_MOE = {
    "model_type": "qwen3_moe",
    "hidden_size": 2048,
    "intermediate_size": 6144,
    "moe_intermediate_size": 768,
    "num_hidden_layers": 48,
    "num_attention_heads": 32,
    "num_key_value_heads": 4,
    "head_dim": 128,
    "vocab_size": 151_936,
    "num_experts": 128,
    "num_experts_per_tok": 8,
}


@pytest.mark.parametrize(("config", "parameters"), [(SMOLLM, 134_515_008), (QWEN, 596_049_920)])
def test_the_parameters_of_published_models_are_counted(config: dict[str, object], parameters: int) -> None:
    size = read_model_size(config)
    assert (size.parameters, size.is_known) == (parameters, True)


def test_an_adapter_has_rank_times_inputs_and_outputs_of_each_layer() -> None:
    size = read_model_size(SMOLLM)
    assert size.count_adapter_parameters(2, ["q_proj", "down_proj"]) == 2 * 30 * (576 + 576 + 1536 + 576)
    assert size.count_adapter_parameters(1, "all-linear") == 30 * (2 * 1152 + 2 * 768 + 3 * 2112)
    assert size.count_adapter_parameters(1, ["w_1"]) == 30 * 2112


@pytest.mark.parametrize(("config", "parameters"), [(MIXTRAL, 46.7e9), (GPT_OSS, 116.8e9), (QWEN_MOE, 30.5e9)])
def test_published_models_with_experts_have_as_many_parameters_as_is_said_of_them(config: dict[str, object], parameters: float) -> None:
    size = read_model_size(config)
    assert size.is_known
    assert size.parameters == pytest.approx(parameters, rel=0.002)


def test_experts_are_not_adapted_and_not_quantized() -> None:
    size = read_model_size(MIXTRAL)
    assert size.count_adapter_parameters(1, "all-linear") == 32 * (2 * 8192 + 2 * (4096 + 1024))
    computation = Computation(tokens=512, learned=100, is_gpu=True, bf16=True)
    lora, qlora = (estimate_memory(size, method, 1, computation).weights for method in ("lora", "qlora"))
    assert 0 < lora - qlora < 0.04 * lora


def test_more_experts_take_more_memory_for_weights_and_only_those_of_a_token_for_activations() -> None:
    computation = Computation(tokens=512, learned=100, is_gpu=True, bf16=True)
    few, more, chosen = (
        estimate_memory(read_model_size({**MIXTRAL, **changes}), "lora", 1, computation)
        for changes in ({}, {"num_local_experts": 16}, {"num_experts_per_tok": 4})
    )
    assert few.weights < more.weights
    assert few.activations == more.activations < chosen.activations


@pytest.mark.parametrize("changes", [{"model_type": "mixtral"}, {"model_type": "gemma3", "vision_config": {}}, {"model_type": None}])
def test_models_that_are_built_differently_are_not_known(changes: dict[str, object]) -> None:
    assert not read_model_size({**SMOLLM, **changes}).is_known


def test_the_language_model_of_a_configuration_with_several_counts() -> None:
    assert read_model_size({"model_type": "outer", "text_config": SMOLLM}).parameters == 134_515_008
