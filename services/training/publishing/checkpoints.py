"""The adapters that a training leaves: one for each of its last epochs. The last of them is the job's result; the others are checkpoints.

All are published in the same way; their manifests differ in what depends on the step. Knows nothing of how they are trained.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.training.planning.job_folder import JobFolder
from services.training.publishing.evidence import select_evidence
from services.training.publishing.publish import find_published
from services.training.publishing.step_metrics import find_step_metrics
from shared.records.models.adapters import CHECKPOINT, is_checkpoint, name_checkpoint


@dataclass(frozen=True)
class TrainedAdapter:
    """The adapter in `folder`, whose weights are those after `step` steps, and the name that it is published under."""

    name: str
    step: int
    folder: Path


def list_trained(folder: JobFolder, name: str, total_steps: int) -> list[TrainedAdapter]:
    """Return the adapters in the job's folder, oldest first; `name` is the name of the last one, the result of the job."""
    steps = sorted(int(path.name.removeprefix("step-")) for path in folder.epochs.glob("step-*"))
    earlier = [TrainedAdapter(name_checkpoint(name, step), step, folder.epochs / f"step-{step}") for step in steps]
    return [*earlier, TrainedAdapter(name, total_steps, folder.adapter)]


def describe_adapter(trained: TrainedAdapter, folder: JobFolder, training: dict[str, Any]) -> dict[str, Any]:
    """Return the adapter's manifest: the fields `training` of the result, with what is different for this adapter."""
    manifest = {**training, "name": trained.name, "step_metrics": find_step_metrics(folder.steps, trained.step)}
    if is_checkpoint(trained.name):
        tokens = training["trained_tokens"] * trained.step // training["metrics"]["steps"]
        manifest |= {"trained_tokens": tokens, "metrics": {"steps": trained.step}, "result_files": [], "effect": None}
    evidence = select_evidence(folder, trained.folder)
    return {**manifest, "evidence": evidence} if evidence else manifest


def name_event(manifest: dict[str, Any]) -> str:
    """Return the event that says that the adapter is published, in OpenAI's words."""
    name = manifest["name"]
    return f"Checkpoint created at step {manifest['metrics']['steps']}" if is_checkpoint(name) else f"New fine-tuned model created: {name}"


def find_all_published(adapters: Path, name: str) -> list[dict[str, Any]]:
    """Return the manifests of the job's checkpoints and its result `name`, oldest first; nothing if the result is not published."""
    if (final := find_published(adapters, name)) is None:
        return []
    return [*sorted(_find_checkpoints(adapters, name), key=lambda manifest: manifest["metrics"]["steps"]), final]


def _find_checkpoints(adapters: Path, name: str) -> Iterator[dict[str, Any]]:
    for path in adapters.glob(f"{name}{CHECKPOINT}*"):
        if manifest := find_published(adapters, path.name):
            yield manifest
