"""What an adapter changes is told from rounding: its log-probabilities are measured beside those of an adapter that changes nothing."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, LlamaConfig

from services.training.kernels.install import use_kernels
from services.training.trainer.epochs.log_probabilities import measure_log_probabilities

EXAMPLES = [{"input_ids": list(range(start, start + 80)), "learned": list(range(20, 80))} for start in (1, 40)]


def adapt_tiny_model(dtype: torch.dtype, weight: float) -> Any:
    """Return a model with a LoRA adapter; every weight of its matrix B is `weight`."""
    torch.manual_seed(0)
    shape: dict[str, Any] = {"hidden_size": 256, "intermediate_size": 512, "num_hidden_layers": 2, "num_attention_heads": 8}
    auto: Any = AutoModelForCausalLM
    model = auto.from_config(LlamaConfig(vocab_size=128, num_key_value_heads=1, **shape)).to(dtype)
    adapted: Any = get_peft_model(model, LoraConfig(r=4, target_modules=["q_proj", "down_proj"], task_type="CAUSAL_LM"))
    with torch.no_grad():
        for name, parameter in adapted.named_parameters():
            if "lora_B" in name:
                parameter.fill_(weight)
    return adapted


def measure(model: Any, folder: Path) -> list[dict[str, float]]:
    (folder / "examples.json").write_text(json.dumps(EXAMPLES))
    measure_log_probabilities(model, folder / "examples.json", folder / "scores.json", folder / "start")
    scores: list[dict[str, float]] = json.loads((folder / "scores.json").read_text())
    return scores


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_an_adapter_whose_b_is_zero_changes_no_more_than_rounding(tmp_path: Path, dtype: torch.dtype) -> None:
    for score in measure(adapt_tiny_model(dtype, 0.0), tmp_path):
        assert score["difference"] <= 3 * score["noise"]
        assert score["noise"] < 0.05
        assert score["tokens"] == 60


@pytest.mark.parametrize("fused", [False, True])
def test_a_small_change_is_far_above_the_noise(tmp_path: Path, fused: bool) -> None:
    model = adapt_tiny_model(torch.float32, 0.001)
    if fused:
        use_kernels(model)
    for score in measure(model, tmp_path):
        assert 1e-5 < score["difference"] < 0.1
        assert score["noise"] < score["difference"] / 10


def test_the_noise_is_that_of_rounding_and_not_of_the_adapter(tmp_path: Path) -> None:
    small, large = (measure(adapt_tiny_model(torch.float32, weight), tmp_path) for weight in (0.001, 1.0))
    assert [score["noise"] for score in small] == [score["noise"] for score in large]
    assert all(0 < score["noise"] < 1e-5 for score in small)
    assert all(second["difference"] > 100 * first["difference"] for first, second in zip(small, large, strict=True))


def test_the_noise_of_bf16_is_larger_than_that_of_fp32(tmp_path: Path) -> None:
    single, half = (measure(adapt_tiny_model(dtype, 0.0), tmp_path) for dtype in (torch.float32, torch.bfloat16))
    assert min(score["noise"] for score in half) > 10 * max(score["noise"] for score in single)


def test_the_adapter_has_its_effect_again_after_the_measurement(tmp_path: Path) -> None:
    model = adapt_tiny_model(torch.float32, 0.1)
    assert measure(model, tmp_path) == measure(model, tmp_path)


def test_an_example_that_begins_with_what_is_learned_is_measured_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(EXAMPLES[0], "learned", list(range(1, 80)))
    first, _ = measure(adapt_tiny_model(torch.float32, 0.001), tmp_path)
    assert (first["tokens"], first["noise"]) == (79, 0.0)
    assert first["difference"] > 0


def test_a_continued_adapter_is_compared_with_its_start_and_with_the_base_model_for_the_engine(tmp_path: Path) -> None:
    parent = adapt_tiny_model(torch.float32, 1.0)
    first = measure(parent, tmp_path)
    parent.save_pretrained(tmp_path / "start")
    random, trained = torch.get_rng_state(), [name for name, weight in parent.named_parameters() if weight.requires_grad]
    same, changed = measure(parent, tmp_path), measure(adapt_tiny_model(torch.float32, 0.9), tmp_path)
    for before, score, other in zip(first, same, changed, strict=True):
        assert before["difference"] > 0.1
        assert score == {**before, "difference": 0.0}
        assert 0 < other["difference"] < before["difference"]
    assert [name for name, weight in parent.named_parameters() if weight.requires_grad] == trained  # the training may go on
    assert torch.equal(torch.get_rng_state(), random)
