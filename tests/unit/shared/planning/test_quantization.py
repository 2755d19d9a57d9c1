"""Which base models can be in 4 bits while an adapter is trained."""

from typing import Any

import pytest

from shared.contracts.fine_tuning import Method
from shared.errors import InvalidRequest
from shared.planning.quantization import check_load_in_4bit, find_quantization_problem

LLAMA = {"model_type": "llama", "hidden_size": 64}
FP8 = {**LLAMA, "quantization_config": {"quant_method": "fp8"}}


@pytest.mark.parametrize("config", [LLAMA, {}, {"model_type": "gemma4", "text_config": {"num_experts": None}}, {"num_experts": 1}], ids=str)
def test_a_model_with_plain_layers_can_be_quantized(config: dict[str, Any]) -> None:
    assert find_quantization_problem(config) is None


@pytest.mark.parametrize(
    "config",
    [
        {"model_type": "mixtral", "num_local_experts": 8},
        {"model_type": "qwen3_moe", "num_experts": 128},
        {"model_type": "deepseek_v3", "n_routed_experts": 256},
        {"model_type": "llama4", "text_config": {"num_local_experts": 16}},
        {"model_type": "dbrx", "ffn_config": {"moe_num_experts": 16}},
    ],
    ids=str,
)
def test_a_mixture_of_experts_would_save_hardly_any_memory(config: dict[str, Any]) -> None:
    assert find_quantization_problem(config) == "the weights of its experts would not be quantized"


def test_weights_that_are_quantized_already_are_named() -> None:
    assert find_quantization_problem(FP8) == "its weights are already quantized (fp8)"
    assert find_quantization_problem({"quantization_config": {"bits": 4}}) == "its weights are already quantized (in another way)"


@pytest.mark.parametrize("kind", ["supervised", "dpo"])
def test_a_job_is_refused_with_the_field_as_the_caller_wrote_it(kind: str) -> None:
    method = Method.model_validate({"type": kind, kind: {"lora": {"load_in_4bit": True}}})
    check_load_in_4bit(method, "small", LLAMA)
    check_load_in_4bit(Method.model_validate({"type": kind}), "small", FP8)
    with pytest.raises(InvalidRequest) as caught:
        check_load_in_4bit(method, "small", FP8)
    assert (caught.value.param, caught.value.code) == (f"method.{kind}.lora.load_in_4bit", "quantization_not_supported")
    assert caught.value.message == (
        f"'method.{kind}.lora.load_in_4bit' must be false for 'small', because its weights are already quantized (fp8). "
        "Leave it out, or train another base model."
    )
