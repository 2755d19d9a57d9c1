"""The names of a base model's linear layers, from the headers of its files."""

from pathlib import Path

import pytest

from shared.errors import TandemError
from shared.records.models.weights import count_weights, list_linear_modules
from tests.unit.training.cases import write_tensors


def test_linear_layers_of_all_files_are_listed_without_embedding_norms_experts_and_output(tmp_path: Path) -> None:
    first = {"model.embed_tokens.weight": [9, 4], "model.layers.0.self_attn.q_proj.weight": [4, 4], "model.layers.0.norm.weight": [4]}
    second = {"model.layers.11.mlp.up_proj.qweight": [4, 4], "model.layers.1.mlp.experts.3.w1.weight": [4, 4], "lm_head.weight": [9, 4]}
    write_tensors(tmp_path / "model-00001-of-00002.safetensors", first)
    write_tensors(tmp_path / "model-00002-of-00002.safetensors", {**second, "model.layers.1.conv.weight": [4, 1, 3]})
    assert list_linear_modules(tmp_path) == {"q_proj", "up_proj"}


@pytest.mark.parametrize("router", ["mlp.gate", "block_sparse_moe.gate", "mlp.router"])
def test_the_router_of_experts_is_no_linear_layer(tmp_path: Path, router: str) -> None:
    layers = {f"model.layers.0.{name}.weight": [4, 4] for name in (router, "self_attn.q_proj", "mlp.shared_expert.gate_proj")}
    write_tensors(tmp_path / "model.safetensors", {**layers, "model.layers.0.mlp.shared_expert_gate.weight": [1, 4]})
    assert list_linear_modules(tmp_path) == {"q_proj", "gate_proj", "shared_expert_gate"}


def test_a_model_whose_files_are_elsewhere_has_no_known_layers_and_weights(tmp_path: Path) -> None:
    assert list_linear_modules(tmp_path / "missing") == list_linear_modules(tmp_path) == frozenset()
    assert count_weights(tmp_path / "missing") == 0


def test_the_weights_in_all_files_are_counted(tmp_path: Path) -> None:
    write_tensors(tmp_path / "model-00001-of-00002.safetensors", {"model.embed_tokens.weight": [9, 4], "model.norm.weight": [4]})
    write_tensors(tmp_path / "model-00002-of-00002.safetensors", {"model.layers.0.mlp.experts.down_proj": [2, 4, 3]})
    assert count_weights(tmp_path) == 36 + 4 + 24


def test_a_damaged_file_is_reported(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    with pytest.raises(TandemError, match="is not a safetensors file"):
        list_linear_modules(tmp_path)
