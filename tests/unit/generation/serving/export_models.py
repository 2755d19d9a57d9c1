"""A base model of two files and an adapter, with weights of known numbers, as a front door finds them."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file

LAYER = "model.layers.0.self_attn.q_proj"
BASE: dict[str, NDArray[Any]] = {
    f"{LAYER}.weight": np.arange(48, dtype=np.float32).reshape(6, 8) / 8,
    "model.norm.weight": np.linspace(-2, 2, 8, dtype=np.float32),
    "model.embed_tokens.weight": np.arange(80, dtype=np.float16).reshape(10, 8),
    "model.position": np.arange(3, dtype=np.int64),
}
DOWN = np.arange(16, dtype=np.float32).reshape(2, 8) / 16
UP = np.arange(12, dtype=np.float32).reshape(6, 2) / 4
CONFIG = {"r": 2, "lora_alpha": 4.0, "use_rslora": False}


def write_base(folder: Path, **config: Any) -> None:
    """Write the base model in two shards, with the same weights once more in a form that is not used."""
    folder.mkdir(parents=True)
    files = {name: f"model-0000{1 + (name != f'{LAYER}.weight')}-of-00002.safetensors" for name in BASE}
    for file in set(files.values()):
        save_file({name: BASE[name] for name in BASE if files[name] == file}, folder / file)
    save_file(BASE, folder / "consolidated.safetensors")
    (folder / "model.safetensors.index.json").write_text(json.dumps({"metadata": {"total_size": 1}, "weight_map": files}))
    (folder / "config.json").write_text(json.dumps({"model_type": "llama", "torch_dtype": "float32", **config}))
    (folder / "tokenizer.json").write_text('{"é": 1}', encoding="utf-8")
    (folder / "chat_template.jinja").write_text("{{ messages }}")
    (folder / "qwen.tiktoken").write_bytes(b"IQ== 0")
    (folder / "additional_chat_templates").mkdir()
    (folder / "additional_chat_templates" / "rag.jinja").write_text("{{ documents }}")
    for name in ("README.md", "pytorch_model.bin", "pytorch_model.bin.index.json", ".gitattributes"):
        (folder / name).write_text("not a part of the model")
    (folder / "onnx").mkdir()


def write_adapter(folder: Path, tensors: dict[str, NDArray[Any]] | None = None, **config: Any) -> None:
    """Write an adapter of `LAYER`, or of other tensors."""
    folder.mkdir(parents=True)
    prefix = f"base_model.model.{LAYER}"
    save_file(tensors or {f"{prefix}.lora_A.weight": DOWN, f"{prefix}.lora_B.weight": UP}, folder / "adapter_model.safetensors")
    (folder / "adapter_config.json").write_text(json.dumps({**CONFIG, **config}))
    (folder / "manifest.json").write_text("{}")
