"""Adapters as others would send them, and archives that an attacker would."""

import gzip
import io
import json
import tarfile
from collections.abc import Mapping
from typing import Any

LAYER = "base_model.model.model.layers.0.self_attn.q_proj"
NAMES = (f"{LAYER}.lora_A.weight", f"{LAYER}.lora_B.weight")
CONFIG = {
    "peft_type": "LORA",
    "task_type": "CAUSAL_LM",
    "r": 4,
    "lora_alpha": 8,
    "target_modules": ["q_proj"],
    "bias": "none",
    "modules_to_save": None,
    "rank_pattern": {},
    "init_lora_weights": True,
    "base_model_name_or_path": "/home/somebody/model",
}
SHAPES = {NAMES[0]: [4, 8], NAMES[1]: [8, 4]}
SIZES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I8": 1}


def make_config(**changes: Any) -> bytes:
    return json.dumps({**CONFIG, **changes}).encode()


def make_weights(shapes: Mapping[str, list[int]] = SHAPES, dtype: str = "F32", numbers: bytes | None = None) -> bytes:
    """Return a safetensors file; its numbers are zeros, unless there are others."""
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    end = 0
    for name, (rows, columns) in shapes.items():
        start, end = end, end + rows * columns * SIZES[dtype]
        header[name] = {"dtype": dtype, "shape": [rows, columns], "data_offsets": [start, end]}
    return pack_weights(json.dumps(header).encode(), bytes(end) if numbers is None else numbers)


def pack_weights(header: bytes, numbers: bytes) -> bytes:
    return len(header).to_bytes(8, "little") + header + numbers


def make_files(config: bytes | None = None, weights: bytes | None = None, folder: str = "") -> dict[str, bytes]:
    return {
        f"{folder}adapter_config.json": make_config() if config is None else config,
        f"{folder}adapter_model.safetensors": make_weights() if weights is None else weights,
    }


def pack(files: Mapping[str, bytes], *members: tarfile.TarInfo, format: int = tarfile.PAX_FORMAT) -> bytes:
    """Return a tar archive of the members, which are empty, and the files."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", format=format) as tar:
        for member in members:
            tar.addfile(member)
        for name, content in files.items():
            about = tarfile.TarInfo(name)
            about.size = len(content)
            tar.addfile(about, io.BytesIO(content))
    return archive.getvalue()


def compress(archive: bytes) -> bytes:
    return gzip.compress(archive, 1)
