"""An adapter that the engine would refuse, or load incorrectly, is refused before it is published, in the engine's words."""

import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from shared.errors import TandemError
from shared.records.models.check import EngineLimits, check_adapter, read_engine_limits
from shared.records.models.weights import read_header
from tests.unit.training.cases import make_model_folder, write_tensors

LAYER = "base_model.model.model.layers.0.self_attn.q_proj"
SHAPES = {f"{LAYER}.lora_A.weight": [4, 8], f"{LAYER}.lora_B.weight": [8, 4]}
CONFIG = {"r": 4, "bias": "none", "modules_to_save": None, "rank_pattern": {}, "use_dora": False}
# vLLM's own sentences, split where it inserts values.
SENTENCES = [
    ("LoRA rank ", " is greater than max_lora_rank"),
    ("vLLM only supports modules_to_save being either None ", "Unsupported modules_to_save: "),
    ("vLLM does not yet support DoRA.",),
    ("vLLM does not support LoRA bias (lora_bias).",),
    ("Adapter bias is not supported.",),
    ("expected target modules in ", " but received ", "Please verify that the loaded LoRA module is correct"),
    ("The embedding LoRA size(", ") must be consistent with the base model's vocabulary size("),
]


@pytest.fixture
def limits(tmp_path: Path) -> EngineLimits:
    return read_engine_limits(make_model_folder(tmp_path / "model", config={"vocab_size": 40}), max_rank=16)


def refuse(limits: EngineLimits, path: Path, shapes: dict[str, list[int]] = SHAPES, dtype: str = "F32", **config: Any) -> str:
    write_tensors(path / "adapter.safetensors", shapes, dtype)
    with pytest.raises(TandemError) as raised:
        check_adapter({**CONFIG, **config}, read_header(path / "adapter.safetensors"), limits)
    assert raised.value.code == "adapter_unfit"
    return raised.value.message


@pytest.mark.parametrize("dtype", ["F32", "F16", "BF16"])
def test_an_adapter_of_the_base_models_layers_passes(limits: EngineLimits, tmp_path: Path, dtype: str) -> None:
    write_tensors(tmp_path / "adapter.safetensors", SHAPES, dtype)
    check_adapter(CONFIG, read_header(tmp_path / "adapter.safetensors"), limits)


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"r": 32}, "LoRA rank 32 is greater than max_lora_rank 16."),
        ({"rank_pattern": {"q_proj": 64}}, "LoRA rank 64 is greater than max_lora_rank 16."),
        ({"r": 0}, "LoRA rank `r` must be a positive integer, got 0."),
        ({"modules_to_save": ["lm_head"]}, "Unsupported modules_to_save: ['lm_head']"),
        ({"use_dora": True}, "vLLM does not yet support DoRA."),
        ({"lora_bias": True}, "vLLM does not support LoRA bias (lora_bias)."),
        ({"bias": "all"}, "Adapter bias is not supported."),
    ],
)
def test_rank_and_features_are_refused_in_the_engines_words(
    limits: EngineLimits, tmp_path: Path, config: dict[str, Any], words: str
) -> None:
    assert words in refuse(limits, tmp_path, **config)


def test_all_problems_are_reported_together(limits: EngineLimits, tmp_path: Path) -> None:
    problem = refuse(limits, tmp_path, r=32, use_dora=True)
    assert "DoRA" in problem
    assert "max_lora_rank" in problem


def test_a_layer_that_the_base_model_does_not_have_is_named(limits: EngineLimits, tmp_path: Path) -> None:
    problem = refuse(limits, tmp_path, {"base_model.model.model.layers.0.mlp.router.lora_A.weight": [4, 8]})
    assert "expected target modules in ['embed_tokens', 'lm_head', 'q_proj'] but received ['model.layers.0.mlp.router']" in problem


def test_an_embedding_of_another_vocabulary_is_refused(limits: EngineLimits, tmp_path: Path) -> None:
    problem = refuse(limits, tmp_path, {"base_model.model.model.embed_tokens.lora_embedding_A": [4, 41]})
    assert "The embedding LoRA size(41) must be consistent with the base model's vocabulary size(40)." in problem


@pytest.mark.parametrize(("part", "shape"), [("lora_A", [4, 6]), ("lora_A", [2, 8]), ("lora_B", [6, 4]), ("lora_B", [8, 2])])
def test_a_wrong_shape_that_the_engine_would_accept_is_refused(limits: EngineLimits, tmp_path: Path, part: str, shape: list[int]) -> None:
    problem = refuse(limits, tmp_path, {**SHAPES, f"{LAYER}.{part}.weight": shape})
    assert (
        f"'{LAYER}.{part}.weight' has the shape {shape}; the rank and the base model's layer require {SHAPES[f'{LAYER}.{part}.weight']}."
        in problem
    )


def test_weights_that_are_not_floating_point_are_refused(limits: EngineLimits, tmp_path: Path) -> None:
    assert "has the type I32" in refuse(limits, tmp_path, dtype="I32")


def test_an_adapter_without_weights_is_refused(limits: EngineLimits, tmp_path: Path) -> None:
    assert "has no weights" in refuse(limits, tmp_path, {})


@pytest.mark.parametrize("content", [b"", b"weights", bytes(100)])
def test_a_file_that_is_not_safetensors_is_reported(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "adapter.safetensors").write_bytes(content)
    with pytest.raises(TandemError, match="is not a safetensors file"):
        read_header(tmp_path / "adapter.safetensors")


def test_an_incomplete_file_is_reported(tmp_path: Path) -> None:
    write_tensors(tmp_path / "adapter.safetensors", SHAPES)
    content = (tmp_path / "adapter.safetensors").read_bytes()
    (tmp_path / "adapter.safetensors").write_bytes(content[:-10])
    with pytest.raises(TandemError, match=f"it has {len(content) - 10} of {len(content)} bytes"):
        read_header(tmp_path / "adapter.safetensors")


def test_a_base_model_that_is_not_stored_as_safetensors_sets_no_limits_on_layers(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    limits = read_engine_limits(tmp_path, 16)
    write_tensors(tmp_path / "adapter.safetensors", {"base_model.model.anything.lora_A.weight": [4, 3]})
    header = read_header(tmp_path / "adapter.safetensors")
    (tmp_path / "adapter.safetensors").unlink()
    check_adapter(CONFIG, header, limits)


def test_quantized_layers_of_the_base_model_have_names_and_no_shapes(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    write_tensors(tmp_path / "model.safetensors", {"model.layers.0.q_proj.qweight": [1, 8], "model.layers.0.q_proj.weight": [1, 8]}, "I32")
    limits = read_engine_limits(tmp_path, 16)
    assert limits.modules == {"q_proj", "lm_head"}
    assert limits.shapes == {}


def read_engine_source() -> str:
    engine = find_spec("vllm")
    if engine is None or not engine.submodule_search_locations:
        pytest.skip("no engine is installed here")
    folder = Path(engine.submodule_search_locations[0]) / "lora"
    return "".join((folder / name).read_text() for name in ("peft_helper.py", "lora_model.py"))


def test_the_installed_engine_scales_rslora_as_the_trainer_does() -> None:
    [scaling] = re.findall(r"def _scaling\(.*?\n\n", read_engine_source(), re.DOTALL)
    assert re.search(r"if self\.use_rslora:\s+return alpha / math\.sqrt\(rank\)\s+return alpha / rank", scaling)


@pytest.mark.parametrize("parts", SENTENCES)
def test_the_sentences_are_those_of_the_installed_engine(parts: tuple[str, ...]) -> None:
    source = read_engine_source()
    joined = "".join(part.strip().removeprefix("f").strip('"') for part in source.splitlines())
    assert all(part in joined or part in source for part in parts)
