"""Trains a LoRA adapter on encoded examples or preference pairs. Runs in the training process (see `process`).

It resumes from the newest complete checkpoint if there is one, and reports each logged step. Knows nothing of jobs, the database
or HTTP.
"""

import json
import math
import threading
import time
import traceback
from functools import partial
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset  # type: ignore[import-untyped]
from transformers import AutoTokenizer, set_seed

from services.training.kernels.install import use_kernels
from services.training.planning.job_folder import JobFolder
from services.training.planning.parallelism import ALONE, divide_batch, read_parallelism
from services.training.planning.plan import Plan
from services.training.trainer.batches import AnswerTrainer, list_lengths
from services.training.trainer.callbacks import AliveCallback, CheckpointCallback, FollowCallback, PauseCallback, ProgressCallback
from services.training.trainer.checkpoints import find_checkpoint, list_attempt_folders, make_attempt_folder, read_step
from services.training.trainer.configure import adapt, build_arguments, load_model, project_labels_only
from services.training.trainer.epochs.callbacks import EarlyStoppingCallback, EpochCallback
from services.training.trainer.epochs.keep import AdapterKeeper
from services.training.trainer.epochs.log_probabilities import measure_effect
from services.training.trainer.epochs.validation import Validation, has_stopped_early, list_validations, shorten
from services.training.trainer.execution import choose_execution, choose_precision, measure_peak_memory
from services.training.trainer.messages import Report
from services.training.trainer.packing import PackingTrainer
from services.training.trainer.parallel.agreement import collect, count_ranks, get_rank, is_first, share
from services.training.trainer.parallel.sharding import lead, load_sharded, prepare_sharded
from services.training.trainer.preferences import PreferenceTrainer


def train(plan: Plan, folder: JobFolder, base: Path, report: Report, pause: threading.Event) -> dict[str, Any] | None:
    """Train the model in the directory `base`, save the adapter to the job's folder, and return the metrics.

    With a validation file, the adapter is that of the epoch with the lowest loss on it. Once `pause` is set, end after the current step
    with a checkpoint, and return None.

    Raises:
        LossNotFinite: if the loss is no longer a number.
    """
    checkpoint = share(find_checkpoint(folder.checkpoints))
    plan = shorten(plan, checkpoint) if checkpoint else plan
    trainer = build_trainer(plan, folder, base, report)
    if isinstance(trainer, PreferenceTrainer) and not trainer.add_references(folder, report, pause):
        return None
    trainer.add_callback(PauseCallback(pause))
    keeper = AdapterKeeper(folder, trainer.processing_class, report, has_validation=plan.validation)
    trainer.add_callback(EpochCallback(plan, folder.epochs, lambda step, model: lead(model, partial(keeper.keep_epoch, step, model))))
    trainer.add_callback(EarlyStoppingCallback(plan))
    trainer.add_callback(FollowCallback())
    started = time.monotonic()
    trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
    validations = list_validations(trainer.state.log_history)
    if trainer.state.global_step < plan.total_steps and not has_stopped_early(plan, validations):
        return None
    best = lead(trainer.model, partial(keeper.write_result, trainer.state.global_step, trainer.model, validations))
    metrics = _compute_metrics(plan, trainer, best, time.monotonic() - started, read_step(checkpoint) if checkpoint else 0)
    try:
        lead(trainer.model, partial(measure_effect, trainer.model, folder, report))
    except Exception:
        if not is_first():
            raise
        traceback.print_exc()  # the adapter is complete, and the others end with this process
    return metrics


def build_trainer(plan: Plan, folder: JobFolder, base: Path, report: Report) -> AnswerTrainer:
    """Return the trainer with its model, data and callbacks. How much is computed at a time is decided once the model is loaded."""
    project_labels_only()
    tokenizer = AutoTokenizer.from_pretrained(base)
    tokenizer.pad_token = tokenizer.pad_token or tokenizer.eos_token
    earlier, parallelism = list_attempt_folders(folder.checkpoints), read_parallelism(folder) or ALONE
    checkpoints = Path(share(str(make_attempt_folder(folder.checkpoints)) if is_first() else ""))
    examples, bf16 = _load_examples(folder.tokens("training")), choose_precision(folder)
    model = load_sharded(base, bf16) if parallelism.sharded else load_model(base, bf16, plan.load_in_4bit)
    execution = choose_execution(plan, folder, max(list_lengths(examples)), bf16)
    torch.set_num_threads(execution.threads)
    build = PreferenceTrainer if plan.beta is not None else PackingTrainer if plan.packing else AnswerTrainer
    trainer = build(
        plan,
        execution,
        model=adapt(model, folder.start, plan),
        args=build_arguments(divide_batch(plan, count_ranks()), execution, checkpoints),
        train_dataset=examples,
        eval_dataset=_load_examples(folder.tokens("validation")) if plan.validation else None,
        processing_class=tokenizer,
        callbacks=[AliveCallback(report), CheckpointCallback(plan.checkpoint_seconds, report, earlier)],
    )
    trainer.add_callback(ProgressCallback(plan, trainer.num_tokens, report))
    if parallelism.sharded:
        prepare_sharded(trainer.model)
    elif not torch.cuda.is_available():
        use_kernels(trainer.model)
    if count_ranks() > 1:
        set_seed(plan.seed + get_rank())  # each process drops other parts of its examples
    return trainer


def _load_examples(path: Path) -> Dataset:
    with path.open() as lines:
        examples = [json.loads(line) for line in lines]
    return Dataset.from_dict({name: [example[name] for example in examples] for name in ("input_ids", "labels")})


def _compute_metrics(plan: Plan, trainer: AnswerTrainer, best: Validation | None, seconds: float, first_step: int) -> dict[str, Any]:
    """Return the metrics. `train_loss` is the mean over the last quarter of the steps, as are the rewards of preference pairs.

    What was measured on the validation file is from the `best` epoch. `first_step` is the step of the checkpoint that this process resumed
    from; the speed counts only what came after it.
    """
    history = trainer.state.log_history
    validated = [entry for entry in history if best and "eval_loss" in entry and entry["step"] == best.step]
    tokens = trainer.num_tokens * (trainer.state.global_step - first_step) / plan.steps_per_epoch
    measured = {
        "first_loss": _collect(history, "loss")[:1],
        "train_loss": _take_last_quarter(_collect(history, "loss")),
        "reward_accuracy": _take_last_quarter(_collect(history, "reward_accuracy")),
        "reward_margin": _take_last_quarter(_collect(history, "reward_margin")),
        "valid_loss": _collect(validated, "eval_loss"),
        "valid_reward_accuracy": _collect(validated, "eval_reward_accuracy"),
        "valid_reward_margin": _collect(validated, "eval_reward_margin"),
    }
    return {
        "steps": trainer.state.global_step,
        **({"best_step": best.step} if best else {}),
        **{name: round(sum(values) / len(values), 4) for name, values in measured.items() if values},
        "seconds": round(seconds, 1),
        "tokens_per_second": round(tokens / seconds, 1),
        "peak_memory_bytes": max(collect([measure_peak_memory()])),  # of the process that had the most
        "device": torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu",
        "dtype": "bfloat16" if trainer.execution.bf16 else "float32",
    }


def _collect(history: list[dict[str, Any]], name: str) -> list[float]:
    return [entry[name] for entry in history if name in entry]


def _take_last_quarter(values: list[float]) -> list[float]:
    return values[-math.ceil(len(values) / 4) :] if values else []
