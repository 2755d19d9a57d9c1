"""A weights file is numbers of the base model's layers, and nothing else."""

import json
import struct
from pathlib import Path
from typing import Any

import pytest

from services.generation.serving.imports.check_weights import CHUNK_BYTES, list_modules, read_weights
from shared.errors import InvalidRequest
from shared.records.models.check import EngineLimits
from tests.unit.generation.serving.imports.archives import LAYER, NAMES, SHAPES, make_weights, pack_weights

LIMITS = EngineLimits(16, frozenset({"q_proj"}), {"model.layers.0.self_attn.q_proj": (8, 8)}, 40)
ONE = {"dtype": "F32", "shape": [1, 1], "data_offsets": [0, 4]}


def write(path: Path, content: bytes) -> Path:
    file = path / "adapter_model.safetensors"
    file.write_bytes(content)
    return file


def refuse(path: Path, content: bytes, limits: EngineLimits = LIMITS) -> str:
    with pytest.raises(InvalidRequest) as raised:
        read_weights(write(path, content), 4, limits)
    assert (raised.value.param, raised.value.code) == ("file", "adapter_unfit")
    return raised.value.message


@pytest.mark.parametrize("dtype", ["F64", "F32", "F16", "BF16"])
def test_types_and_shapes_are_read(tmp_path: Path, dtype: str) -> None:
    tensors = read_weights(write(tmp_path, make_weights(dtype=dtype)), 4, LIMITS)
    assert {name: (tensor["dtype"], tensor["shape"]) for name, tensor in tensors.items()} == {name: (dtype, SHAPES[name]) for name in NAMES}
    assert list_modules(tensors) == ["q_proj"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 8,
        b"\xff" * 64,
        (2**40).to_bytes(8, "little") + b"{}",
        b"\x80\x04\x95" + bytes(99),
        pack_weights(b"[]", b""),
        pack_weights(b"{", b""),
        pack_weights(b"\xff", b""),
        pack_weights(b"[" * 99_999, b""),
        pack_weights(b"{}", b""),
        pack_weights(b'{"__metadata__": {"format": "pt"}}', b""),
        pack_weights(json.dumps({NAMES[0]: {**ONE, "data_offsets": [0, "4"]}}).encode(), bytes(4)),
        pack_weights(json.dumps({NAMES[0]: {**ONE, "data_offsets": [0, -4]}}).encode(), bytes(4)),
        pack_weights(json.dumps({NAMES[0]: {**ONE, "shape": [1, 1.5]}}).encode(), bytes(4)),
        pack_weights(json.dumps({NAMES[0]: {**ONE, "more": 1}}).encode(), bytes(4)),
        pack_weights(json.dumps({NAMES[0]: {"format": "pt"}}).encode(), bytes(4)),
    ],
)
def test_a_file_that_is_not_safetensors_is_refused(tmp_path: Path, content: bytes) -> None:
    assert "'adapter_model.safetensors'" in refuse(tmp_path, content)


@pytest.mark.parametrize(
    "changes",
    [
        {"data_offsets": [0, 8]},
        {"data_offsets": [4, 8]},
        {"data_offsets": [4, 0]},
        {"shape": [2, 1]},
        {"shape": [2**62, 2**62]},
        {"dtype": "F64"},
    ],
)
def test_a_tensor_whose_bytes_are_elsewhere_is_refused(tmp_path: Path, changes: dict[str, Any]) -> None:
    assert "do not have the size or place" in refuse(tmp_path, pack_weights(json.dumps({NAMES[0]: {**ONE, **changes}}).encode(), bytes(8)))


def test_tensors_that_share_bytes_are_refused(tmp_path: Path) -> None:
    assert "do not have the size or place" in refuse(tmp_path, pack_weights(json.dumps(dict.fromkeys(NAMES, ONE)).encode(), bytes(4)))


@pytest.mark.parametrize("change", [-1, 1, 1000])
def test_a_file_that_is_too_short_or_too_long_is_refused(tmp_path: Path, change: int) -> None:
    weights = make_weights()
    assert "is incomplete, or has other data" in refuse(tmp_path, weights[:change] if change < 0 else weights + bytes(change))


@pytest.mark.parametrize("dtype", ["I8", "U8", "F8_E4M3", "\ud83d"])
def test_other_types_are_refused(tmp_path: Path, dtype: str) -> None:
    assert refuse(tmp_path, pack_weights(json.dumps({NAMES[0]: {**ONE, "dtype": dtype}}).encode(), bytes(4)))


@pytest.mark.parametrize(
    "name",
    [
        "x",
        f"{LAYER}.weight",
        f"{LAYER}.lora_A.default.weight",
        f"{LAYER}.lora_magnitude_vector",
        f"{LAYER}.lora_embedding_A",
        f"{LAYER}/../x.lora_A.weight",
        "base_model.model.lora_A.weight",
    ],
)
def test_other_names_than_those_that_peft_saves_are_refused(tmp_path: Path, name: str) -> None:
    assert "is not a matrix with a name such as" in refuse(tmp_path, make_weights({name: [4, 8], **SHAPES}))


def test_a_layer_needs_both_matrices(tmp_path: Path) -> None:
    assert "must have both 'lora_A' and 'lora_B'; it has only 'lora_A'" in refuse(tmp_path, make_weights({NAMES[0]: [4, 8]}))


@pytest.mark.parametrize("shapes", [{NAMES[0]: [8, 4]}, {NAMES[1]: [4, 8]}, {NAMES[0]: [0, 8]}])
def test_every_matrix_has_the_rank_of_the_configuration(tmp_path: Path, shapes: dict[str, list[int]]) -> None:
    assert "; the configuration says 4." in refuse(tmp_path, make_weights({**SHAPES, **shapes}))


def test_a_layer_that_the_base_model_does_not_have_is_refused(tmp_path: Path) -> None:
    other = {name.replace("layers.0", "layers.9"): shape for name, shape in SHAPES.items()}
    assert "has no layer 'model.layers.9.self_attn.q_proj'" in refuse(tmp_path, make_weights({**SHAPES, **other}))
    read_weights(write(tmp_path, make_weights(other)), 4, EngineLimits(16))


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
@pytest.mark.parametrize(("dtype", "code", "size"), [("F64", "<d", 8), ("F32", "<f", 4), ("F16", "<e", 2), ("BF16", "<f", 4)])
def test_numbers_that_are_not_finite_are_refused(tmp_path: Path, number: float, dtype: str, code: str, size: int) -> None:
    packed = struct.pack(code, number)[2 if dtype == "BF16" else 0 :]
    whole = len(make_weights(dtype=dtype, numbers=b""))
    total = len(make_weights(dtype=dtype)) - whole
    assert "not finite" in refuse(tmp_path, make_weights(dtype=dtype, numbers=bytes(total - len(packed)) + packed))


def test_large_numbers_are_finite_and_the_last_chunk_is_read(tmp_path: Path) -> None:
    shapes = {NAMES[0]: [4, CHUNK_BYTES // 16 + 1], NAMES[1]: [1, 4]}
    largest = struct.pack("<f", 3.4028234663852886e38)
    total = sum(rows * columns * 4 for rows, columns in shapes.values())
    read_weights(write(tmp_path, make_weights(shapes, numbers=largest * (total // 4))), 4, LIMITS)
    bad = bytes(total - 8) + struct.pack("<f", float("inf")) + bytes(4)
    assert "not finite" in refuse(tmp_path, make_weights(shapes, numbers=bad))
