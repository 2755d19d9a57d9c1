"""The name of the space of a model's vectors: the same wherever the model is stored and whatever it is called in the settings.

So a store keeps its space when its model is no longer the default. Models of the same name but with other weights have other spaces.
"""

import hashlib
import re
from pathlib import Path

SAMPLE_BYTES = 1 << 20  # enough to distinguish weights without reading gigabytes


def space_name(source: str) -> str:
    """Return the name of the space of the model in a folder or with a Hugging Face id."""
    readable = re.sub(r"[^a-z0-9]+", "-", model_name(source).lower()).strip("-") or "model"
    return f"{readable}-{_fingerprint(source)[:8]}"


def model_name(source: str) -> str:
    """Return the last part of a model's folder or id."""
    return source.rstrip("/").rsplit("/", 1)[-1] or source


def _fingerprint(source: str) -> str:
    """Return a hash of a folder's configuration and of samples of its weights; of the id if it is not a folder."""
    folder = Path(source)
    if not folder.is_dir():
        return hashlib.sha256(source.encode()).hexdigest()
    digest = hashlib.sha256()
    for path in sorted([*folder.glob("*.json"), *folder.glob("*.safetensors"), *folder.glob("*.bin")]):
        digest.update(f"{path.name} {path.stat().st_size}".encode())
        with path.open("rb") as file:
            digest.update(file.read(SAMPLE_BYTES))
            file.seek(max(0, path.stat().st_size - SAMPLE_BYTES))
            digest.update(file.read())
    return digest.hexdigest()
