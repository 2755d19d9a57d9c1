"""An adapter of a base model with experts: its linear layers have one, experts and routers have none, and the engine can load it."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import CONFIG_MAPPING, AutoModelForCausalLM

from services.training.planning.plan import LoraShape
from services.training.trainer.configure import adapt, load_model
from shared.records.models.check import check_adapter, read_engine_limits
from shared.records.models.weights import list_linear_modules, read_header
from tests.integration.test_model_size import EXPERTS, SIZES
from tests.unit.training.cases import make_plan

PLAN = make_plan(shape=LoraShape(rank=4, alpha=8.0, dropout=0.0))
KINDS = {kind: options for kind, options in EXPERTS if kind != "deepseek_v2"}


@pytest.mark.parametrize(("kind", "options"), KINDS.items(), ids=KINDS)
def test_linear_layers_are_adapted_and_the_adapter_can_be_served_and_trained_further(
    tmp_path: Path, kind: str, options: dict[str, Any]
) -> None:
    torch.manual_seed(7)
    base, folder = tmp_path / "base", tmp_path / "adapter"
    AutoModelForCausalLM.from_config(CONFIG_MAPPING[kind](**{**SIZES, **options})).save_pretrained(base)  # type: ignore[no-untyped-call]
    adapted: Any = adapt(load_model(base, bf16=False), tmp_path / "nowhere", PLAN)
    for name, parameter in adapted.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(parameter.data)
    adapted.save_pretrained(folder)
    tensors = read_header(folder / "adapter_model.safetensors")
    assert {name.split(".")[-3] for name in tensors} == list_linear_modules(base)
    check_adapter(json.loads((folder / "adapter_config.json").read_text()), tensors, read_engine_limits(base, 4))
    ids = torch.arange(1, 9).unsqueeze(0)
    continued: Any = adapt(load_model(base, bf16=False), folder, PLAN)
    with torch.no_grad():
        assert torch.equal(adapted.eval()(ids).logits, continued.eval()(ids).logits)
