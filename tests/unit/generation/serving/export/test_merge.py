"""Weights are converted as numbers, and merged in pieces that together are the whole."""

import os
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from services.generation.serving.export import merge
from services.generation.serving.export.merge import Change, MergedTensor
from services.generation.serving.export.tensors import decode, encode, open_tensors
from shared.errors import TandemError


def to_bfloat16(*values: float) -> list[float]:
    return [float(value) for value in decode(encode(np.array(values, np.float32), "BF16"), "BF16")]


def test_numbers_that_bfloat16_has_stay_as_they_are() -> None:
    every = np.arange(2**16, dtype="<u2")
    numbers = decode(every.tobytes(), "BF16")
    again = np.frombuffer(encode(numbers, "BF16"), "<u2")
    assert np.array_equal(again[~np.isnan(numbers)], every[~np.isnan(numbers)])
    assert np.isnan(decode(again.tobytes(), "BF16")[np.isnan(numbers)]).all()


def test_numbers_are_rounded_to_the_nearest_and_to_the_even_one_of_two() -> None:
    step = 2.0**-7  # between two of these numbers from 1 to 2
    assert to_bfloat16(1 + 0.4 * step, 1 + 0.6 * step, 1 + 0.5 * step, 1 + 1.5 * step) == [1, 1 + step, 1, 1 + 2 * step]
    assert to_bfloat16(-1 - 0.6 * step, 3.4e38, -0.0) == [-1 - step, float("inf"), 0.0]


def test_a_number_too_large_for_float16_is_not_stored_as_infinity() -> None:
    with pytest.raises(TandemError, match="bfloat16"):
        encode(np.array([1.0, 70_000.0], np.float32), "F16")
    assert np.isinf(np.frombuffer(encode(np.array([np.inf], np.float32), "F16"), "<f2")).all()


@pytest.mark.parametrize("piece", [1, 7, 24, 1 << 20])
def test_the_pieces_of_a_tensor_are_the_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, piece: int) -> None:
    monkeypatch.setattr(merge, "PIECE", piece)
    rng = np.random.default_rng(0)
    weights, down, up = (rng.standard_normal(shape).astype(np.float32) for shape in ((9, 8), (3, 8), (9, 3)))
    save_file({"w": weights, "a": down, "b": up}, tmp_path / "file.safetensors")
    with ExitStack() as files:
        tensors = open_tensors(tmp_path / "file.safetensors", files)
        plain = MergedTensor(tensors["w"], "F32")
        converted = MergedTensor(tensors["w"], "F16")
        merged = MergedTensor(tensors["w"], "F32", Change(tensors["a"], tensors["b"], 0.5))
        assert b"".join(plain.pieces()) == weights.tobytes()
        assert b"".join(converted.pieces()) == weights.astype("<f2").tobytes()
        content = b"".join(merged.pieces())
    assert (len(content), converted.size) == (merged.size, 9 * 8 * 2)
    assert np.allclose(np.frombuffer(content, "<f4").reshape(9, 8), weights + 0.5 * up @ down, rtol=1e-5, atol=1e-6)


def test_a_file_that_became_shorter_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "file.safetensors"
    save_file({"w": np.zeros(100, np.float32)}, path)
    with ExitStack() as files:
        tensor = open_tensors(path, files)["w"]
        os.truncate(path, path.stat().st_size - 4)
        with pytest.raises(TandemError, match="shorter"):
            list(MergedTensor(tensor, "F32").pieces())
