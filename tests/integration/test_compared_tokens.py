"""Which tokens of an example are compared between the trainer and an engine."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, LlamaConfig

from services.training.trainer.epochs.log_probabilities import measure_log_probabilities


def measure(model: Any, path: Path, learned: list[int]) -> dict[str, Any]:
    path.write_text(json.dumps([{"input_ids": [7 + position % 90 for position in range(60)], "learned": learned}]))
    measure_log_probabilities(model, path, path.with_suffix(".scores"), path.with_suffix(".start"))
    (score,) = json.loads(path.with_suffix(".scores").read_text())
    return dict(score)


def test_at_most_sixteen_tokens_spread_over_the_answer_are_compared(tmp_path: Path) -> None:
    torch.manual_seed(0)
    auto: Any = AutoModelForCausalLM
    shape: dict[str, Any] = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}
    base = auto.from_config(LlamaConfig(vocab_size=100, initializer_range=0.5, **shape))
    model = get_peft_model(base, LoraConfig(r=4, target_modules=["q_proj"], init_lora_weights=False))
    long, same = measure(model, tmp_path / "long", list(range(10, 60))), measure(model, tmp_path / "same", list(range(10, 60, 4)))
    assert long["compared"] == same["compared"] == list(range(10, 60, 4))
    assert (long["tokens"], same["tokens"]) == (50, 13)
    assert (long["base"], long["adapter"]) == pytest.approx((same["base"], same["adapter"]), abs=1e-3)
    assert abs(long["base"] - long["adapter"]) > 0.01
    assert measure(model, tmp_path / "short", [10, 11, 12])["compared"] == [10, 11, 12]
