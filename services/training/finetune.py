"""Flow 3: dataset → validate → train → publish → serve → probe.

Every step leaves its result in the job's folder, so a worker that takes over the job continues where the last one stopped.
An adapter that is already published only has to be probed.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AbstractContextManager, ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from services.training.data.base_model import find_base_model
from services.training.data.encode import ChatEncoder, open_encoder
from services.training.data.preferences import validate_preferences
from services.training.data.validate import Dataset, describe_problems, validate_dataset
from services.training.planning.choices import choose_max_length, show_choices
from services.training.planning.estimate import describe_estimate, estimate
from services.training.planning.gpu_memory import estimate_gpu_memory
from services.training.planning.job_folder import JobFolder
from services.training.planning.plan import Plan, build_plan, read_plan, write_plan
from services.training.planning.preflight import check_adapter_name, check_base, check_disk_space, check_spec, find_memory_warning
from services.training.publishing.answers import choose_questions
from services.training.publishing.checkpoints import (
    TrainedAdapter,
    describe_adapter,
    find_all_published,
    list_trained,
    record_published,
    report_choice,
)
from services.training.publishing.effect import choose_effect_samples, report_effect
from services.training.publishing.evidence import choose_evidence_examples
from services.training.publishing.manifest import describe_training
from services.training.publishing.probe import ChatModels, choose_probes, probe
from services.training.publishing.publish import find_published, prepare, reveal
from services.training.publishing.result_files import PURPOSE, store_result_files
from services.training.publishing.start import copy_start
from services.training.publishing.step_metrics import ResultFormat, describe_curve
from services.training.supervision.interruptible import call_api, run_in_thread
from services.training.supervision.open_folder import adopt_folder, open_job_folder, read_metrics, store_metrics
from services.training.supervision.report_steps import make_step_reporter, report_resume
from services.training.supervision.run_trainer import LAUNCH, Launch, run_trainer
from services.training.supervision.share_gpu import GpuSharing, share_gpu, wait_again
from services.training.tracking.track import NO_TRACKING, Tracking, TrackingSettings, track
from shared.contracts.fine_tuning import LogProbabilityChange, Probe, TrainingResult, TrainingSpec, name_dataset_error
from shared.datasets import MIN_EXAMPLES
from shared.errors import InvalidDataset, InvalidRequest
from shared.planning.schedule import choose_schedule
from shared.records.database import Database
from shared.records.jobs import Job
from shared.records.models.adapters import name_adapter
from shared.records.models.check import EngineLimits, read_engine_limits
from shared.workers.job_context import JobContext, JobInterrupted

FIRST_STEP_PERCENT, LAST_STEP_PERCENT = 3.0, 95.0  # the part of a job's percent that training takes


class Api(ChatModels, Protocol):
    """What the flow needs of Tandem's API."""

    async def download_file(self, file_id: str, target: Path) -> None:
        """Write a file's content to `target`, which appears only once it is complete."""

    async def upload_file(self, filename: str, content: bytes, purpose: str) -> str:
        """Store a file and return its id, or the id of a file that has the same name, purpose and content."""


OpenApi = Callable[[], AbstractAsyncContextManager[Api]]


@dataclass(frozen=True)
class WorkerConfig:
    """What is the same for every job of this worker that trains `base`, a base model as the engine's `--model` names it."""

    database: Database
    adapters: Path
    work: Path
    base: str
    base_name: str
    max_rank: int
    max_length: int
    checkpoint_seconds: float
    retry_seconds: float
    num_probes: int
    keep_failed_days: float = 0
    result_format: ResultFormat = "csv"
    chat_template: Path | None = None
    trainer: Launch = LAUNCH
    gpu_sharing: GpuSharing | None = None
    tracking: TrackingSettings = NO_TRACKING


@dataclass(frozen=True)
class Run:
    """One job, with all that its steps need. `name` is the adapter's."""

    job: Job
    spec: TrainingSpec
    name: str
    folder: JobFolder
    context: JobContext
    config: WorkerConfig
    open_api: OpenApi
    tracking: Tracking

    @property
    def files(self) -> dict[str, str]:
        """The ids of the job's files by kind."""
        files = {"training": self.spec.training_file, "validation": self.spec.validation_file}
        return {kind: file_id for kind, file_id in files.items() if file_id}


def finetune(job: Job, context: JobContext, config: WorkerConfig, open_api: OpenApi) -> dict[str, Any]:
    """Train, publish and probe the adapter that the job requests; return its TrainingResult.

    Raises:
        JobInterrupted: if the job must end.
        TandemError: if it failed; the message says why.
    """
    spec = TrainingSpec.model_validate(job.spec)
    name = name_adapter(config.base_name, job.project_id, spec.suffix, job.id)
    adopt_folder(config.work, config.database, context)
    opened = open_job_folder(config.work / job.id, context, config.keep_failed_days)
    with opened as folder, track(context, folder.steps, config.tracking) as tracking:
        run = Run(job, spec, name, folder, context, config, open_api, tracking)
        manifests = find_all_published(config.adapters, name) or _train_and_publish(run)
        record_published(context, manifests)
        manifest = manifests[-1]
        tracking.start()
        outcome = _probe(run, manifest)
        tracking.finish("succeeded", fine_tuned_model=name, trained_tokens=manifest["trained_tokens"], **manifest["metrics"])
    return TrainingResult(
        fine_tuned_model=name,
        trained_tokens=manifest["trained_tokens"],
        probe=outcome,
        metrics=manifest["metrics"],
        effect=manifest.get("effect"),
        result_files=manifest.get("result_files", []),
    ).model_dump()


def _train_and_publish(run: Run) -> list[dict[str, Any]]:
    """Return the manifests of the published adapters; the last is that of the job's result."""
    wait_again(run.config.gpu_sharing, run.context, run.folder.memory_wait)
    if not run.folder.plan.exists():
        run.context.add_event("Fine-tuning job started")
    check_spec(run.spec, run.config.base_name, run.config.max_rank, run.config.max_length)
    check_adapter_name(run.name)
    run.context.report_progress("fetching", 0)
    _download_files(run)
    if run.spec.model != run.config.base_name:
        copy_start(run.config.adapters, run.spec.model, run.config.base_name, run.folder.start)
    run.context.report_progress("validating", 1)
    base = run_in_thread(lambda: find_base_model(run.config.base), run.context)
    check_base(run.spec, run.config.base_name, base)
    encoder = open_encoder(base, run.config.chat_template)
    datasets = _validate_files(run, encoder)
    dataset = datasets["training"]
    plan = _make_plan(run, base, dataset)
    _store_choices(run, plan)
    run.tracking.start()
    choose_evidence_examples(run.folder, encoder, run.config.num_probes, plan.max_length)
    run_in_thread(lambda: choose_questions(run.folder, encoder), run.context)
    run_in_thread(lambda: choose_effect_samples(run.folder, base), run.context)
    run.context.report_progress("training", FIRST_STEP_PERCENT)
    outcome: dict[str, Any] = {
        "metrics": read_metrics(run.folder) or _train(run, base, dataset, plan),
        "effect": report_effect(run.context, run.folder),
        "result_files": _store_result_files(run),
        "curve": describe_curve(run.folder.steps),
    }
    report_choice(run.context, plan, outcome["metrics"])
    run.context.report_progress("publishing", LAST_STEP_PERCENT)
    described = describe_training(run.files, plan, datasets, encoder, outcome["metrics"]["steps"])
    return _publish(run, base, {**described, **outcome})


def _download_files(run: Run) -> None:
    for kind, file_id in run.files.items():
        target = run.folder.dataset(kind)
        if not target.exists():
            call_api(run.open_api, lambda api: api.download_file(file_id, target), run.context, run.config.retry_seconds)  # noqa: B023  it returns before the next file


def _validate_files(run: Run, encoder: ChatEncoder) -> dict[str, Dataset]:
    return {kind: _validate_file(run, kind, encoder) for kind in run.files}


def _validate_file(run: Run, kind: str, encoder: ChatEncoder) -> Dataset:
    minimum = 1 if kind == "validation" else MIN_EXAMPLES
    source, target, max_length = run.folder.dataset(kind), run.folder.tokens(kind), _choose_max_length(run)
    validate = validate_preferences if run.spec.method.type == "dpo" else validate_dataset
    try:
        dataset = run_in_thread(lambda: validate(source, target, encoder, max_length, param=f"{kind}_file", minimum=minimum), run.context)
    except InvalidDataset as error:
        raise InvalidRequest(error.message, param=error.param, code=name_dataset_error(error)) from error
    for problem in () if run.folder.plan.exists() else describe_problems(dataset, max_length):  # an earlier worker has said it
        run.context.add_event(f"In the {kind} file: {problem}", level="warn")
    return dataset


def _choose_max_length(run: Run) -> int:
    return choose_max_length(run.spec.method.options.hyperparameters, run.config.max_length, run.folder)


def _make_plan(run: Run, base: Path, dataset: Dataset) -> Plan:
    """Return the job's plan. The first worker that gets here makes it, checks the disk, and adds the events."""
    if run.folder.plan.exists():
        return read_plan(run.folder, run.config.max_length)
    method = run.spec.method.options
    schedule = choose_schedule(method.hyperparameters, len(dataset.lengths))
    expected = estimate(schedule, dataset, method, base)
    check_disk_space(expected, run.folder.path, run.config.adapters)
    run.context.add_event(describe_estimate(schedule, dataset, expected))
    if warning := find_memory_warning(expected):
        run.context.add_event(warning, level="warn")
    plan = build_plan(
        run.spec,
        schedule,
        checkpoint_seconds=run.config.checkpoint_seconds,
        activation_bytes=expected.activation_bytes,
        max_length=_choose_max_length(run),
    )
    write_plan(plan, run.folder)
    return plan


def _store_choices(run: Run, plan: Plan) -> None:
    if (chosen := show_choices(run.spec, plan)) != run.spec:
        run.context.save_spec(chosen.model_dump())


def _train(run: Run, base: Path, dataset: Dataset, plan: Plan) -> dict[str, Any]:
    report_resume(run.context, run.folder)
    report_step = make_step_reporter(run.context, FIRST_STEP_PERCENT, LAST_STEP_PERCENT)
    needed = partial(estimate_gpu_memory, plan, dataset, base, run.folder)
    with share_gpu(run.config.gpu_sharing, needed, run.context, run.folder.memory_wait) as wait:
        metrics = run_trainer(run.config.trainer, run.folder, base, run.context, report_step, wait)
        return store_metrics(metrics, run.folder)  # before the engine is woken, which may not be possible


def _store_result_files(run: Run) -> list[str]:
    def upload(name: str, content: bytes) -> str:
        return str(call_api(run.open_api, lambda api: api.upload_file(name, content, PURPOSE), run.context, run.config.retry_seconds))

    return store_result_files(upload, run.folder, run.context, run.config.result_format)


def _publish(run: Run, base: Path, training: dict[str, Any]) -> list[dict[str, Any]]:
    """Publish the job's adapters, none before all are written: a job that is canceled, or fails, until then leaves nothing.

    The result is the last, so a worker that finds it finds them all.
    """
    manifest = {
        "job_id": run.job.id,
        "project": run.job.project_id,
        "base": run.config.base,
        "base_name": run.config.base_name,
        "trained_from": run.spec.model,
        **training,
        "probes": choose_probes(run.folder.dataset("training"), run.config.num_probes),
    }
    limits = read_engine_limits(base, run.config.max_rank)
    with ExitStack() as until_revealed:
        adapters = list_trained(run.folder, run.name, training["metrics"])
        # What an earlier worker published, and what was measured with it, never changes.
        missing = [trained for trained in adapters if not find_published(run.config.adapters, trained.name)]
        hidden = [until_revealed.enter_context(_prepare(run, trained, manifest, limits)) for trained in missing]
        run.context.confirm_lease()
        for folder in hidden:
            reveal(folder)
    return find_all_published(run.config.adapters, run.name)


def _prepare(run: Run, trained: TrainedAdapter, training: dict[str, Any], limits: EngineLimits) -> AbstractContextManager[Path]:
    run.context.confirm_lease()
    manifest = describe_adapter(trained, run.folder, training)
    return prepare(trained.folder, run.config.adapters, trained.name, run.config.base, manifest, limits)


def _probe(run: Run, manifest: dict[str, Any]) -> Probe:
    """Probe the adapter. If the job is canceled only now, it succeeds without a probe, since its adapter is already published."""
    try:
        run.context.report_progress("probing", 97)
        outcome = probe(
            lambda call: call_api(run.open_api, call, run.context, run.config.retry_seconds),
            run.spec.model,
            run.name,
            manifest["probes"],
            LogProbabilityChange(**change) if (change := manifest.get("log_probabilities")) else None,
        )
    except JobInterrupted:
        if run.context.interrupt_reason != "cancelled":
            raise
        outcome = Probe(status="not_run", detail="The job was canceled after its adapter had been published.")
    remedy = " For a stronger effect, train for more epochs or with a higher learning rate." if outcome.status == "same" else ""
    run.context.add_event(f"{outcome.detail}{remedy}", level="info" if outcome.status == "differs" else "warn")
    return outcome
