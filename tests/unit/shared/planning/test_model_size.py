"""The size of a base model, from its configuration."""

import pytest

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


@pytest.mark.parametrize(("config", "parameters"), [(SMOLLM, 134_515_008), (QWEN, 596_049_920)])
def test_the_parameters_of_published_models_are_counted(config: dict[str, object], parameters: int) -> None:
    size = read_model_size(config)
    assert (size.parameters, size.is_known) == (parameters, True)


def test_an_adapter_has_rank_times_inputs_and_outputs_of_each_layer() -> None:
    size = read_model_size(SMOLLM)
    assert size.count_adapter_parameters(2, ["q_proj", "down_proj"]) == 2 * 30 * (576 + 576 + 1536 + 576)
    assert size.count_adapter_parameters(1, "all-linear") == 30 * (2 * 1152 + 2 * 768 + 3 * 2112)
    assert size.count_adapter_parameters(1, ["w_1"]) == 30 * 2112


@pytest.mark.parametrize("changes", [{"model_type": "mixtral"}, {"model_type": "gemma3", "vision_config": {}}, {"model_type": None}])
def test_models_that_are_built_differently_are_not_known(changes: dict[str, object]) -> None:
    assert not read_model_size({**SMOLLM, **changes}).is_known


def test_the_language_model_of_a_configuration_with_several_counts() -> None:
    assert read_model_size({"model_type": "outer", "text_config": SMOLLM}).parameters == 134_515_008
