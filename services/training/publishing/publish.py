"""Publishes a trained adapter: a directory that appears whole, under its name, beside a manifest of how it came to be.

Everything is written under a name that starts with a dot, on the same file system, forced to the disk and then renamed, so the
engine never sees a part of it. Knows nothing of training or of the engine.
"""

import errno
import json
import shutil
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from services.training.planning.plan import force
from services.training.publishing.check import Limits, check_loadable, read_head
from shared.errors import TandemError
from shared.records.adapters import MANIFEST, WEIGHTS, Adapter, hash_weights
from shared.records.database import Database

CONFIG = "adapter_config.json"
LIBRARIES = ("torch", "transformers", "trl", "peft", "tokenizers")


def publish(trained: Path, adapters: Path, name: str, base: str, manifest: dict[str, Any], limits: Limits) -> dict[str, Any]:
    """Make the adapter in `trained` available as `adapters/name`; return the manifest as stored.

    `base` becomes `base_model_name_or_path`, which the engine compares with its own `--model`. Publishing again under a name
    that exists changes nothing.

    Raises:
        TandemError: the adapter is not one that the engine can load (`limits` are the engine's).
    """
    config = _read_config(trained, base, limits)
    whole = {**manifest, "weights_sha256": hash_weights(trained), "versions": _versions(), "created_at": int(time.time())}
    part = adapters / f".{name}"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        shutil.copyfile(trained / WEIGHTS, part / WEIGHTS)
        (part / CONFIG).write_text(json.dumps(config, indent=2, sort_keys=True))
        (part / MANIFEST).write_text(json.dumps(whole, indent=2))
        _appear(part, adapters / name)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return find_published(adapters, name) or whole


def find_published(adapters: Path, name: str) -> dict[str, Any] | None:
    """Return the manifest of a published adapter, or None where there is none of that name."""
    path = adapters / name / MANIFEST
    return dict(json.loads(path.read_text())) if path.exists() else None


def record(database: Database, name: str, project: str, job_id: str, manifest: dict[str, Any]) -> None:
    """Store the adapter's row, so that the front door knows it; storing it again changes nothing."""
    with database.session() as session:
        if session.get(Adapter, name) is None:
            base, created = manifest["base_name"], manifest["created_at"]
            session.add(Adapter(name=name, project_id=project, base=base, job_id=job_id, manifest=manifest, created_at=created))


def _read_config(trained: Path, base: str, limits: Limits) -> dict[str, Any]:
    if not (trained / WEIGHTS).exists():
        raise TandemError("The training left no adapter.", code="training_failed")
    config: dict[str, Any] = json.loads((trained / CONFIG).read_text())
    check_loadable(config, read_head(trained / WEIGHTS), limits)
    return {**config, "base_model_name_or_path": base}


def _appear(part: Path, target: Path) -> None:
    for path in [*part.iterdir(), part]:
        force(path)
    try:
        part.rename(target)
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise
    force(target.parent)


def _versions() -> dict[str, str]:
    found = {}
    for library in LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            continue
    return found
