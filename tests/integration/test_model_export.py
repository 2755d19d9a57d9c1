"""A merged model, as the front door streams it, is the model that PEFT merges, and transformers loads it."""

import asyncio
import io
import json
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM, LlamaConfig

from services.generation.http.reply import read_body
from services.generation.serving.export.export_model import ModelExport
from shared.records.models.adapters import Adapter
from shared.settings import TrainableBase

NAME = "ft:tiny:default::abcdefgh1234"


@dataclass(frozen=True)
class OneModel:
    """The models of a project that has one."""

    adapter: Adapter

    def find_exportable(self, project_id: str, name: str) -> Adapter:
        assert (project_id, name) == ("default", NAME)
        return self.adapter


def make_base(folder: Path, dtype: torch.dtype) -> Any:
    shape: dict[str, Any] = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}
    torch.manual_seed(0)
    factory: Any = AutoModelForCausalLM
    model = factory.from_config(LlamaConfig(vocab_size=64, num_key_value_heads=1, tie_word_embeddings=True, **shape), dtype=dtype)
    model.save_pretrained(folder, max_shard_size="8KB")
    return model


def make_adapter(base: Any, folder: Path) -> None:
    model = get_peft_model(base, LoraConfig(r=4, lora_alpha=8, target_modules="all-linear", task_type="CAUSAL_LM"))
    for name, weights in model.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(weights, std=0.1)
    model.save_pretrained(str(folder))


def export(folder: Path, dtype: str, target: Path) -> Any:
    """Export the model, and load it from the folder `target`."""
    adapter = Adapter(name=NAME, project_id="default", base="tiny", job_id="ftjob-1", manifest={}, created_at=7)
    models: Any = OneModel(adapter)
    reply = ModelExport(models, folder / "adapters", {"tiny": TrainableBase(str(folder / "base"))}).open("default", NAME, dtype)
    content = asyncio.run(read_body(reply))
    assert len(content) == int(dict(reply.headers)["Content-Length"])
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        archive.extractall(target, filter="data")
    factory: Any = AutoModelForCausalLM
    return factory.from_pretrained(target, dtype="auto")


@pytest.mark.parametrize("base_dtype", [torch.float32, torch.bfloat16], ids=["from float32", "from bfloat16"])
@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "float16"])
def test_transformers_loads_the_model_that_peft_merges(tmp_path: Path, base_dtype: torch.dtype, dtype: str) -> None:
    make_adapter(make_base(tmp_path / "base", base_dtype), tmp_path / "adapters" / NAME)
    assert len(list((tmp_path / "base").glob("*.safetensors"))) > 1
    factory: Any = AutoModelForCausalLM
    base = factory.from_pretrained(tmp_path / "base", dtype=torch.float32)
    expected = PeftModel.from_pretrained(base, tmp_path / "adapters" / NAME).merge_and_unload().state_dict()
    exported = export(tmp_path, dtype, tmp_path / "exported")
    assert exported.dtype == getattr(torch, dtype)
    weights = exported.state_dict()
    assert weights.keys() == expected.keys()
    for name, tensor in weights.items():
        tolerance = {"float32": 1e-6, "bfloat16": 2**-8, "float16": 2**-11}[dtype]
        assert torch.allclose(tensor.float(), expected[name].float(), rtol=tolerance, atol=1e-6), name
    assert json.loads((tmp_path / "exported/config.json").read_text())["dtype"] == dtype
