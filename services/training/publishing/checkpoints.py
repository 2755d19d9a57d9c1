"""The adapters that a training leaves: those of its last epochs, and the job's result. The others are checkpoints.

The result is the best of them by the loss on the validation file, which may be from an earlier epoch; without such a file, it is the last.

All are published in the same way; their manifests differ in what depends on the step. Knows nothing of how they are trained.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from services.training.planning.job_folder import JobFolder
from services.training.planning.plan import KEPT_EPOCHS, Plan
from services.training.publishing.answers import read_answers
from services.training.publishing.evidence import measure_change, select_evidence
from services.training.publishing.publish import find_published, record_adapters
from services.training.publishing.step_metrics import find_step_metrics
from shared.records.jobs import add_event
from shared.records.models.adapters import CHECKPOINT, is_checkpoint, name_checkpoint
from shared.workers.job_context import JobContext


@dataclass(frozen=True)
class TrainedAdapter:
    """The adapter in `folder`, whose weights are those after `step` steps, and the name that it is published under."""

    name: str
    step: int
    folder: Path


def list_trained(folder: JobFolder, name: str, metrics: dict[str, Any]) -> list[TrainedAdapter]:
    """Return the adapters in the job's folder that are published, oldest first; the last is the job's result, which gets `name`.

    `metrics` are those of the training. The folder may have adapters of more epochs, even later ones, from another attempt.
    """
    result = find_result_step(metrics)
    steps = sorted(int(path.name.removeprefix("step-")) for path in folder.epochs.glob("step-*"))
    last = [step for step in steps if step <= metrics["steps"]][-KEPT_EPOCHS:]
    others = [TrainedAdapter(name_checkpoint(name, step), step, folder.epochs / f"step-{step}") for step in last if step != result]
    return [*others, TrainedAdapter(name, result, folder.adapter)]


def find_result_step(metrics: dict[str, Any]) -> int:
    """Return the step after which the weights are the job's result, from the metrics of the training."""
    return int(metrics.get("best_step", metrics["steps"]))


def report_choice(context: JobContext, plan: Plan, metrics: dict[str, Any]) -> None:
    """Add an event if the training ended early, and one if the result is not its last epoch."""
    steps, result = metrics["steps"], find_result_step(metrics)
    if steps < plan.total_steps:
        waited = "1 epoch" if plan.patience == 1 else f"{plan.patience} epochs"
        reason = f"the validation loss did not fall for {waited}"
        context.add_event(f"The training stopped early, after step {steps} of {plan.total_steps}, because {reason}.")
    if result != steps:
        reason = f"the validation loss was lowest then: {metrics['valid_loss']:.4f}"
        context.add_event(f"The fine-tuned model is the one after step {result}, because {reason}.")


def describe_adapter(trained: TrainedAdapter, folder: JobFolder, training: dict[str, Any]) -> dict[str, Any]:
    """Return the adapter's manifest: the fields `training` of the result, with what is different for this adapter."""
    measured = {
        "step_metrics": find_step_metrics(folder.steps, trained.step),
        "answers": read_answers(trained.folder),
        "log_probabilities": measure_change(trained.folder),
    }
    manifest = {**training, "name": trained.name, "step": trained.step, **measured}
    if is_checkpoint(trained.name):
        tokens = training["trained_tokens"] * trained.step // training["metrics"]["steps"]
        manifest |= {"trained_tokens": tokens, "metrics": {"steps": trained.step}, "result_files": [], "effect": None}
    evidence = select_evidence(folder, trained.folder)
    return {**manifest, "evidence": evidence} if evidence else manifest


def record_published(context: JobContext, manifests: Sequence[dict[str, Any]]) -> None:
    """Store the rows of the job's published adapters, and their events: all of it, or nothing if another worker has the job."""
    job = context.job

    def write(session: Session) -> None:
        for manifest in record_adapters(session, job.project_id, job.id, manifests):
            add_event(session, job.id, _name_event(manifest))

    context.write_result(write)


def _name_event(manifest: dict[str, Any]) -> str:
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
