"""Publishes trained adapters: directories that appear complete, under the adapters' names, with a manifest next to the weights.

Everything is written under a name that starts with a dot, on the same file system, forced to the disk and then renamed, so the engine
never sees an incomplete adapter. Knows nothing of training or of the engine.
"""

import errno
import json
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from services.training.planning.job_folder import fsync
from shared.errors import TandemError
from shared.ids import new_id
from shared.records.models.adapters import MANIFEST, WEIGHTS, Adapter, hash_weights
from shared.records.models.check import EngineLimits, check_adapter
from shared.records.models.weights import read_header

CONFIG = "adapter_config.json"
LIBRARIES = ("torch", "transformers", "trl", "peft", "tokenizers", "bitsandbytes")


@contextmanager
def prepare(trained: Path, adapters: Path, name: str, base: str, manifest: dict[str, Any], limits: EngineLimits) -> Iterator[Path]:
    """Write the adapter in the folder `trained` to a hidden folder in `adapters`, and yield that; `reveal` publishes it as `name`.

    `base` becomes `base_model_name_or_path`, which the engine compares with its own `--model`. What is not revealed is deleted at the end.

    Raises:
        TandemError: if the engine cannot load the adapter.
    """
    config = _read_config(trained, base, limits)
    complete = {**manifest, "weights_sha256": hash_weights(trained), "versions": _list_versions(), "created_at": int(time.time())}
    hidden = adapters / f".{name}"
    shutil.rmtree(hidden, ignore_errors=True)
    hidden.mkdir(parents=True)
    try:
        shutil.copyfile(trained / WEIGHTS, hidden / WEIGHTS)
        (hidden / CONFIG).write_text(json.dumps(config, indent=2, sort_keys=True))
        (hidden / MANIFEST).write_text(json.dumps(complete, indent=2))
        for path in [*hidden.iterdir(), hidden]:
            fsync(path)
        yield hidden
    finally:
        shutil.rmtree(hidden, ignore_errors=True)


def reveal(hidden: Path) -> None:
    """Publish what `prepare` wrote. If an adapter of this name exists already, it is not changed."""
    try:
        hidden.rename(hidden.with_name(hidden.name.removeprefix(".")))
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise
    fsync(hidden.parent)


def find_published(adapters: Path, name: str) -> dict[str, Any] | None:
    """Return the manifest of a published adapter, or None if there is no adapter of that name."""
    path = adapters / name / MANIFEST
    return dict(json.loads(path.read_text())) if path.exists() else None


def record_adapters(session: Session, project: str, job_id: str, manifests: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Store the rows of a job's adapters, so that the front door serves them; return the manifests of those that had none."""
    new = [manifest for manifest in manifests if session.get(Adapter, manifest["name"]) is None]
    session.add_all(_make_row(project, job_id, manifest) for manifest in new)
    return new


def _make_row(project: str, job_id: str, manifest: dict[str, Any]) -> Adapter:
    return Adapter(
        name=manifest["name"],
        project_id=project,
        base=manifest["base_name"],
        job_id=job_id,
        manifest=manifest,
        created_at=manifest["created_at"],
        checkpoint_id=new_id("ftckpt_"),
        step=manifest.get("step", manifest["metrics"]["steps"]),  # older versions had no `step`
    )


def _read_config(trained: Path, base: str, limits: EngineLimits) -> dict[str, Any]:
    if not (trained / WEIGHTS).exists():
        raise TandemError("The training produced no adapter.", code="training_failed")
    config: dict[str, Any] = json.loads((trained / CONFIG).read_text())
    check_adapter(config, read_header(trained / WEIGHTS), limits)
    return {**config, "base_model_name_or_path": base}


def _list_versions() -> dict[str, str]:
    versions = {}
    for library in LIBRARIES:
        try:
            versions[library] = version(library)
        except PackageNotFoundError:
            continue
    return versions
