"""Estimates for base models with experts, and for those whose type is not known."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from shared.settings import JobSettings
from tests.unit.generation.routes.test_estimate import PARAMETERS, SMOLLM, estimate, method_of
from tests.unit.training.cases import write_tensors

GPT_OSS_20B = {
    "model_type": "gpt_oss",
    "hidden_size": 2880,
    "intermediate_size": 2880,
    "num_hidden_layers": 24,
    "num_attention_heads": 64,
    "num_key_value_heads": 8,
    "head_dim": 64,
    "vocab_size": 201_088,
    "num_local_experts": 32,
    "num_experts_per_tok": 4,
}


@pytest.fixture
def base(data: Path) -> Iterator[Path]:
    """The folder of the shared front door's base model."""
    folder = Path(JobSettings(data=data).base_path)
    folder.mkdir(parents=True)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_a_model_of_an_unknown_type_is_estimated_like_llama_and_the_answer_says_so(http: httpx.Client, base: Path) -> None:
    (base / "config.json").write_text(json.dumps({**SMOLLM, "model_type": "odd"}))
    found = estimate(http)
    assert found["parameters"] == PARAMETERS
    assert found["detail"].endswith(
        "The model type 'odd' is not known, so 'tiny' is estimated as if it were built like Llama. The estimate may be far off."
    )
    write_tensors(base / "model.safetensors", {"weights": [1000, 1000]})
    assert estimate(http)["parameters"] == 1_000_000


def test_a_mixture_of_experts_is_estimated_and_the_answer_says_that_its_weights_are_quantized(http: httpx.Client, base: Path) -> None:
    quantized = {"quantization_config": {"quant_method": "mxfp4"}}
    (base / "config.json").write_text(json.dumps({**GPT_OSS_20B, **quantized}))
    found = estimate(http, method=method_of({"rank": 8}))
    adapter = 8 * 24 * 2 * (2880 + 4096 + 2880 + 512)  # of the attention: no expert is adapted
    assert (found["parameters"], found["trained_parameters"]["lora"]) == (20_914_757_184, adapter)
    assert not found["trainable_here"]["qlora"]
    assert found["detail"].endswith(
        "The weights of 'tiny' are stored quantized (mxfp4), but memory is estimated as if they were not quantized."
    )
