"""Finds the base model's files on this machine."""

import json
from pathlib import Path
from typing import Any

from huggingface_hub import snapshot_download
from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

from shared.errors import TandemError

DOWNLOADED = ["*.json", "*.jinja", "*.safetensors", "*.model"]


def find_base_model(base: str) -> Path:
    """Return the directory of a base model, given as a directory or a Hugging Face id, which is downloaded if it is not in the cache.

    Raises:
        TandemError: if there is no such model.
    """
    if Path(base).is_dir():
        return Path(base)
    problem = f"The base model '{base}' (TANDEM_BASE_MODEL, or TANDEM_BASE_MODELS) was not found"
    if Path(base).is_absolute():
        raise TandemError(f"{problem}: the directory does not exist.", code="base_model_missing")
    try:
        return Path(snapshot_download(base, allow_patterns=DOWNLOADED))
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError, ValueError) as error:
        message = f"{problem}: it is not a directory, and it cannot be downloaded from Hugging Face ({type(error).__name__})."
        raise TandemError(message, code="base_model_missing") from error


def read_json(path: Path) -> dict[str, Any]:
    """Return the JSON object in a file, or an empty one if there is no such file."""
    return dict(json.loads(path.read_text())) if path.exists() else {}


def read_end_ids(folder: Path) -> frozenset[int]:
    """Return the ids of tokens at which the engine stops besides the tokenizer's end token.

    vLLM reads them from `generation_config.json`, or from `config.json` if there is none. Gemma 3 has its `<end_of_turn>` only there.
    """
    file = folder / "generation_config.json"
    settings = read_json(file if file.exists() else folder / "config.json")
    ids = settings.get("eos_token_id", settings.get("text_config", {}).get("eos_token_id"))
    return frozenset([ids] if isinstance(ids, int) else ids or ())
