"""Flow 3: dataset → validate → train → publish → serve → probe. The body reads as its table of contents.

Every step leaves its result in the job's work folder, so a worker that takes the job over goes on where the last one stopped;
an adapter that is published already only has to be probed.
"""

import errno
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from services.training.data.encode import Encoder, find_base, open_encoder
from services.training.data.validate import Dataset, choose_probes, describe_problems, validate
from services.training.planning.estimate import Schedule, describe, estimate, settle
from services.training.planning.plan import Folder, Plan, Shape, find_checkpoint, read_plan, write_plan
from services.training.planning.preflight import check_name, check_request, check_room, warn_of_memory
from services.training.publishing.check import read_limits
from services.training.publishing.evidence import choose_examples, find_evidence
from services.training.publishing.probe import Models, probe
from services.training.publishing.publish import find_published, publish, record
from services.training.supervision.interruptible import attended, patiently
from services.training.supervision.supervise import COMMAND, supervise
from shared.contracts.fine_tuning import Probe, TrainingResult, TrainingSpec
from shared.errors import DatabaseUnavailable, StorageFull, TandemError
from shared.log import get_logger
from shared.records.adapters import name_adapter
from shared.records.database import Database
from shared.records.jobs import Job
from shared.workers.job_runner import JobContext, JobInterrupted

TRAINING = (3.0, 95.0)  # the part of a job's percent that training takes

log = get_logger(__name__)


class Neighbours(Models, Protocol):
    """What the flow asks of the front door."""

    def fetch(self, file_id: str, target: Path) -> None:
        """Store a file's content at `target`."""


@dataclass(frozen=True)
class Workshop:
    """What every job of this worker has in common. `base` is the model as the engine's `--model` names it."""

    database: Database
    adapters: Path
    work: Path
    base: str
    base_name: str
    max_rank: int
    max_length: int
    checkpoint_seconds: float
    patience_seconds: float
    probes: int
    trainer: tuple[str, ...] = COMMAND


def finetune(job: Job, context: JobContext, shop: Workshop, neighbours: Neighbours) -> dict[str, Any]:
    """Train, publish and probe the adapter that the job asks for; return its TrainingResult.

    Raises:
        JobInterrupted: the job must end.
        TandemError: it failed, and why.
    """
    spec = TrainingSpec.model_validate(job.spec)
    name = name_adapter(shop.base_name, job.project_id, spec.suffix, job.id)
    with _work_folder(shop.work / job.id, context) as folder:
        manifest = find_published(shop.adapters, name) or _make(job, spec, name, folder, context, shop, neighbours)
        record(shop.database, name, job.project_id, job.id, manifest)
        outcome = _probe(name, manifest, context, shop, neighbours)
    tokens, metrics = manifest["trained_tokens"], manifest["metrics"]
    return TrainingResult(fine_tuned_model=name, trained_tokens=tokens, probe=outcome, metrics=metrics).model_dump()


def _make(
    job: Job, spec: TrainingSpec, name: str, folder: Folder, context: JobContext, shop: Workshop, neighbours: Neighbours
) -> dict[str, Any]:
    check_request(spec, shop.base_name, shop.max_rank)
    check_name(name)
    context.report_progress("fetching", 0)
    _fetch(spec, folder, context, shop, neighbours)
    context.report_progress("validating", 1)
    encoder = attended(context, lambda: open_encoder(shop.base))
    dataset = _validate(spec, folder, encoder, context, shop)
    plan = _plan(spec, folder, dataset, context, shop)
    choose_examples(folder, encoder, shop.probes, shop.max_length)
    context.report_progress("training", TRAINING[0])
    metrics = supervise(shop.trainer, folder, context, _tell(folder, context))
    context.report_progress("publishing", TRAINING[1])
    about = {"name": name, "job_id": job.id, "project": job.project_id, "base": shop.base, "base_name": shop.base_name}
    manifest = {**about, **_describe(spec, plan, dataset, encoder), "metrics": metrics}
    manifest["probes"] = choose_probes(folder.upload("training"), shop.probes)
    if evidence := find_evidence(folder):
        manifest["evidence"] = evidence
    limits = read_limits(find_base(shop.base), shop.max_rank)
    published = publish(folder.adapter, shop.adapters, name, shop.base, manifest, limits)
    context.add_event(f"New fine-tuned model created: {name}")
    return published


def _fetch(spec: TrainingSpec, folder: Folder, context: JobContext, shop: Workshop, neighbours: Neighbours) -> None:
    for kind, file_id in _files(spec).items():
        target = folder.upload(kind)
        if not target.exists():
            patiently(context, shop.patience_seconds, _fetching(neighbours, file_id, target))


def _fetching(neighbours: Neighbours, file_id: str, target: Path) -> Callable[[], None]:
    return lambda: neighbours.fetch(file_id, target)


def _validate(spec: TrainingSpec, folder: Folder, encoder: Encoder, context: JobContext, shop: Workshop) -> Dataset:
    datasets = {}
    for kind in _files(spec):
        param, options = f"{kind}_file", {"minimum": 1} if kind == "validation" else {}
        reading = partial(validate, folder.upload(kind), folder.tokens(kind), encoder, shop.max_length, param=param, **options)
        datasets[kind] = attended(context, reading)
        for problem in describe_problems(datasets[kind], shop.max_length):
            context.add_event(f"In the {kind} file: {problem}", level="warn")
    return datasets["training"]


def _files(spec: TrainingSpec) -> dict[str, str]:
    return {"training": spec.training_file, **({"validation": spec.validation_file} if spec.validation_file else {})}


def _plan(spec: TrainingSpec, folder: Folder, dataset: Dataset, context: JobContext, shop: Workshop) -> Plan:
    """Return the plan, made by the first worker that comes here; the events are that one's too."""
    if folder.plan.exists():
        return read_plan(folder.plan)
    base, lora = find_base(shop.base), spec.method.supervised.lora
    schedule = settle(spec.method.supervised.hyperparameters, len(dataset.lengths))
    size = estimate(schedule, dataset, lora, base)
    check_room(size, folder.path, shop.adapters)
    context.add_event(describe(schedule, dataset, size))
    if warning := warn_of_memory(size):
        context.add_event(warning, level="warn")
    plan = _write(schedule, spec, base, folder, shop, size.activation_bytes)
    write_plan(plan)
    return plan


def _write(schedule: Schedule, spec: TrainingSpec, base: Path, folder: Folder, shop: Workshop, activation_bytes: int) -> Plan:
    lora = spec.method.supervised.lora
    return Plan(
        base=str(base.absolute()),
        folder=str(folder.path),
        epochs=schedule.epochs,
        batch_size=schedule.batch_size,
        learning_rate=schedule.learning_rate,
        warmup_steps=schedule.warmup_steps,
        steps_per_epoch=schedule.steps_per_epoch,
        shape=Shape(lora.rank, lora.alpha or 2.0 * lora.rank, lora.dropout),
        seed=spec.seed,
        checkpoint_seconds=shop.checkpoint_seconds,
        activation_bytes=activation_bytes,
        validation=spec.validation_file is not None,
    )


def _tell(folder: Folder, context: JobContext) -> Callable[[dict[str, Any]], None]:
    checkpoint = find_checkpoint(folder.checkpoints)
    if checkpoint:
        context.add_event(f"Training goes on after step {checkpoint.name.rsplit('-', 1)[1]}, from the last checkpoint.")
    first, last = TRAINING

    def tell(fields: dict[str, Any]) -> None:
        losses = ", ".join(f"{name.replace('_', ' ')} {fields[name]:.4f}" for name in ("train_loss", "valid_loss") if name in fields)
        context.report_progress("training", first + (last - first) * fields["percent"] / 100)
        context.add_event(f"Step {fields['step']}/{fields['total_steps']}: {losses}", type="metrics", data=fields)

    return tell


def _describe(spec: TrainingSpec, plan: Plan, dataset: Dataset, encoder: Encoder) -> dict[str, Any]:
    return {
        "training_data": {"file_id": spec.training_file, "sha256": dataset.sha256, "examples": len(dataset.lengths)},
        "chat_template_sha256": encoder.template_sha256,
        "hyperparameters": {"n_epochs": plan.epochs, "batch_size": plan.batch_size, "learning_rate": plan.learning_rate},
        "lora": {"rank": plan.shape.rank, "alpha": plan.shape.alpha, "dropout": plan.shape.dropout},
        "seed": plan.seed,
        "trained_tokens": plan.epochs * dataset.tokens,
    }


def _probe(name: str, manifest: dict[str, Any], context: JobContext, shop: Workshop, neighbours: Neighbours) -> Probe:
    """Return the probe; a job that is cancelled only now succeeds without it, since its adapter can already be used."""
    try:
        context.report_progress("probing", 97)
        outcome = probe(neighbours, shop.base_name, name, manifest["probes"], context, shop.patience_seconds)
    except JobInterrupted:
        if context.interrupt_reason != "cancelled":
            raise
        outcome = Probe(status="not_run", detail="The job was cancelled when its adapter was already published.")
    warning = "The adapter changes nothing: " if outcome.status == "same" else ""
    context.add_event(f"{warning}{outcome.detail}", level="info" if outcome.status == "differs" else "warn")
    return outcome


@contextmanager
def _work_folder(path: Path, context: JobContext) -> Iterator[Folder]:
    """Yield the job's folder; it stays where another worker is to go on with the job, and is removed at the job's end."""
    path.mkdir(parents=True, exist_ok=True)
    try:
        with _translated(path):
            yield Folder(path)
    except DatabaseUnavailable:
        context.abandon()
        raise
    finally:
        if context.interrupt_reason not in ("stopping", "lost"):
            shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise TandemError(f"The worker's disk: {error}.", code="storage_failed") from error
        raise StorageFull(f"There is no space left on the worker's disk ({path.parent} or the adapters' folder).") from error
