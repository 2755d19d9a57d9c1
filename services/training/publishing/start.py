"""Fetches the published adapter that a training continues from."""

import shutil
from pathlib import Path

from services.training.planning.job_folder import fsync
from services.training.publishing.publish import CONFIG, find_published
from shared.errors import InvalidRequest
from shared.records.models.adapters import WEIGHTS, hash_weights


def copy_start(adapters: Path, name: str, base_name: str, target: Path) -> None:
    """Copy the adapter `name` to the folder `target`, unless it is there; the folder appears complete.

    Raises:
        InvalidRequest: if there is no such adapter of this base model, or its weights are not those that were published.
    """
    if target.exists():
        return
    manifest = find_published(adapters, name)
    if manifest is None or manifest["base_name"] != base_name:
        problem = f"The model '{name}' cannot be trained further: this worker has no such adapter of '{base_name}' (TANDEM_ADAPTERS)."
        raise InvalidRequest(problem, param="model", code="model_not_found")
    hidden = target.with_suffix(".part")
    shutil.rmtree(hidden, ignore_errors=True)
    hidden.mkdir()
    for file in (WEIGHTS, CONFIG):
        shutil.copyfile(adapters / name / file, hidden / file)
        fsync(hidden / file)
    if hash_weights(hidden) != manifest["weights_sha256"]:
        problem = f"The model '{name}' cannot be trained further: its weights are not those that were published."
        raise InvalidRequest(problem, param="model", code="model_out_of_service")
    hidden.rename(target)
