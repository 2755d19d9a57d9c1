"""Trains a LoRA adapter on encoded examples. The home of torch, TRL and PEFT, with `score`; runs in the training process (see `process`).

It goes on from the newest whole checkpoint where there is one, and reports each logged step. Knows nothing of jobs, of the
database or of HTTP.
"""

import json
import math
import random
import resource
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import torch
import trl.trainer.utils
from datasets import Dataset  # type: ignore[import-untyped]
from peft import LoraConfig
from torch.utils.data import Sampler
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    PreTrainedModel,
    TrainerCallback,
    TrainerControl,
    TrainerState,
    TrainingArguments,
)
from trl.trainer.sft_config import SFTConfig
from trl.trainer.sft_trainer import SFTTrainer

from services.training.planning.estimate import available_memory, count_cores
from services.training.planning.plan import Folder, LossNotFinite, Message, Plan, Report, find_checkpoint, finish_checkpoint
from services.training.trainer.score import score_examples

LOGS = 200  # progress messages of a training, at most; a short one says every step


def train(plan: Plan, report: Report) -> dict[str, Any]:
    """Train, save the adapter to the plan's folder, and return the metrics.

    Raises:
        LossNotFinite: the loss is no number any more.
    """
    torch.set_num_threads(count_cores())
    folder = Folder(Path(plan.folder))
    trainer = build_trainer(plan, folder, report)
    checkpoint = find_checkpoint(folder.checkpoints)
    started = time.monotonic()
    trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
    trainer.save_adapter(folder.adapter)
    if folder.examples.exists():
        score_examples(trainer.model, folder.examples, folder.scores)
    done_before = int(checkpoint.name.rsplit("-", 1)[1]) if checkpoint else 0
    return _measure(plan, trainer, time.monotonic() - started, done_before)


def build_trainer(plan: Plan, folder: Folder, report: Report) -> "AnswerTrainer":
    """Return the trainer, with model, data and callbacks in place."""
    _score_answers_only()
    tokenizer = AutoTokenizer.from_pretrained(plan.base)
    tokenizer.pad_token = tokenizer.pad_token or tokenizer.eos_token
    micro, checkpointing = fit_batch(plan.batch_size, plan.activation_bytes, _free_memory())
    return AnswerTrainer(
        plan,
        micro,
        model=_load_model(plan.base),
        args=_configure(plan, folder, micro, checkpointing),
        train_dataset=_load_examples(folder.tokens("training")),
        eval_dataset=_load_examples(folder.tokens("validation")) if plan.validation else None,
        processing_class=tokenizer,
        peft_config=_shape_adapter(plan),
        callbacks=[Progress(plan, report), Checkpoints(plan.checkpoint_seconds)],
    )


class AnswerTrainer(SFTTrainer):
    """TRL's trainer, with batches of like lengths in an order that a resumed training repeats."""

    def __init__(self, plan: Plan, micro: int, **options: Any) -> None:
        self._plan = plan
        self._micro = micro
        super().__init__(**options)

    def _get_train_sampler(self, train_dataset: Any = None) -> Sampler[int]:  # noqa: ARG002  it is our own, always
        return LengthBatches(self.lengths, self._micro, self._plan.seed, lambda: self.state.global_step // self._plan.steps_per_epoch)

    def save_adapter(self, folder: Path) -> None:
        """Write the adapter's weights and configuration to `folder`."""
        adapter: Any = self.model
        adapter.save_pretrained(folder)

    @property
    def lengths(self) -> list[int]:
        """Tokens of each training example."""
        examples: Any = self.train_dataset
        return [len(ids) for ids in examples["input_ids"]]

    def create_model_card(self, *_: Any, **__: Any) -> None:
        """Write none: a checkpoint is for this trainer only."""


class LengthBatches(Sampler[int]):
    """Positions of examples such that each batch holds like lengths, batches in random order: hardly any padding, no order by length.

    The order depends on `seed` and `epoch()` alone. An incomplete batch comes last, so that the others stay as they are.
    """

    def __init__(self, lengths: list[int], batch: int, seed: int, epoch: Callable[[], int]) -> None:
        self._lengths = lengths
        self._batch = batch
        self._seed = seed
        self._epoch = epoch

    def __len__(self) -> int:
        return len(self._lengths)

    def __iter__(self) -> Iterator[int]:
        dice = random.Random(f"{self._seed}-{self._epoch()}")  # noqa: S311  an order, not a secret
        blurred = [length * dice.uniform(0.95, 1.05) for length in self._lengths]
        order = sorted(range(len(blurred)), key=blurred.__getitem__)
        dice.shuffle(rest := order[: len(order) % self._batch])
        batches = [order[start : start + self._batch] for start in range(len(rest), len(order), self._batch)]
        dice.shuffle(batches)
        return iter([position for batch in [*batches, rest] for position in batch])


class Progress(TrainerCallback):
    """Says each logged step as a `progress` message, and stops where the loss is no number."""

    def __init__(self, plan: Plan, report: Report) -> None:
        self._plan = plan
        self._report = report
        self._started = 0.0
        self._first_step = 0

    def on_train_begin(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:  # noqa: ARG002  transformers' signature
        self._started = time.monotonic()
        self._first_step = state.global_step

    def on_log(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **given: Any) -> None:  # noqa: ARG002  transformers' signature
        logs = given["logs"]
        losses = {name: logs[key] for key, name in (("loss", "train_loss"), ("eval_loss", "valid_loss")) if key in logs}
        if not all(math.isfinite(loss) for loss in losses.values()):
            raise LossNotFinite(f"The loss is not a number any more at step {state.global_step}.")
        if losses:
            self._report(Message("progress", {**self._place(state.global_step), **losses}))

    def _place(self, step: int) -> dict[str, Any]:
        total = self._plan.total_steps
        pace = (time.monotonic() - self._started) / max(1, step - self._first_step)
        left = round(pace * (total - step), 1)
        return {"step": step, "total_steps": total, "percent": round(100 * step / total, 1), "seconds_left": left}


class Checkpoints(TrainerCallback):
    """Asks for a checkpoint whenever `seconds` have passed, and marks those that were written to their end."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._last = time.monotonic()

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:  # noqa: ARG002  transformers' signature
        if time.monotonic() - self._last >= self._seconds:
            control.should_save = True

    def on_save(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:  # noqa: ARG002  transformers' signature
        finish_checkpoint(Path(str(args.output_dir)) / f"checkpoint-{state.global_step}")
        self._last = time.monotonic()


def fit_batch(batch: int, activation_bytes: int, free: int) -> tuple[int, bool]:
    """Return how many examples go through the model at a time, and whether to recompute activations to save memory.

    The largest divisor of `batch` whose share of `activation_bytes` takes at most 60 % of the free memory; the gradients of the
    parts add up to the batch's. Recomputing costs a forward pass, so it is for single examples that are still too large.
    """
    for micro in range(batch, 0, -1):
        if batch % micro == 0 and activation_bytes * micro / batch <= 0.6 * free:
            return micro, False
    return 1, True


def _configure(plan: Plan, folder: Folder, micro: int, checkpointing: bool) -> SFTConfig:
    steps = plan.total_steps
    return SFTConfig(
        output_dir=str(folder.checkpoints),
        num_train_epochs=plan.epochs,
        per_device_train_batch_size=micro,
        per_device_eval_batch_size=micro,
        gradient_accumulation_steps=plan.batch_size // micro,
        gradient_checkpointing=checkpointing,
        learning_rate=plan.learning_rate,
        lr_scheduler_type="linear",
        warmup_steps=plan.warmup_steps,
        optim="adamw_torch_fused",
        seed=plan.seed,
        bf16=_has_bf16(),
        use_cpu=not torch.cuda.is_available(),  # else bf16 is refused where there is no GPU
        max_length=None,  # cut already, with a warning
        dataset_kwargs={"skip_prepare_dataset": True},
        dataloader_pin_memory=torch.cuda.is_available(),
        eval_strategy="epoch" if plan.validation else "no",
        logging_steps=max(1, steps // LOGS),
        logging_nan_inf_filter=False,
        save_strategy="no",  # `Checkpoints` asks for them by the clock
        save_total_limit=2,  # the older is deleted before the newer is marked as whole
        disable_tqdm=True,
        report_to="none",
    )


def _shape_adapter(plan: Plan) -> LoraConfig:
    return LoraConfig(
        r=plan.shape.rank,
        lora_alpha=plan.shape.alpha,  # type: ignore[arg-type]  # any number will do
        lora_dropout=plan.shape.dropout,
        target_modules="all-linear",
        task_type="CAUSAL_LM",
    )


def _load_model(base: str) -> PreTrainedModel:
    model: PreTrainedModel = AutoModelForCausalLM.from_pretrained(base, dtype=torch.bfloat16 if _has_bf16() else torch.float32)
    return model


def _load_examples(path: Path) -> Dataset:
    with path.open() as lines:
        examples = [json.loads(line) for line in lines]
    return Dataset.from_dict({name: [example[name] for example in examples] for name in ("input_ids", "labels")})


def _has_bf16() -> bool:
    """Tell whether the device multiplies bf16 in hardware; a CPU that has to emulate it is slower than in fp32."""
    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported())
    return any(flag in Path("/proc/cpuinfo").read_text() for flag in ("avx512_bf16", "amx_bf16", " bf16"))


def _free_memory() -> int:
    return torch.cuda.mem_get_info()[0] if torch.cuda.is_available() else available_memory()


def _score_answers_only() -> None:
    """Let TRL's fused LM head project only positions that carry a label, on a CPU too.

    It does so by itself where Triton runs. Elsewhere it projects the whole prompt onto the vocabulary (a fifth of all the work)
    and multiplies the result by zero. The loss is the same.
    """
    setattr(trl.trainer.utils, "_use_triton", lambda _device: True)  # noqa: B010  it is private, and TRL's version is pinned


def _measure(plan: Plan, trainer: AnswerTrainer, seconds: float, done_before: int) -> dict[str, Any]:
    """Return the metrics. `train_loss` is the mean over the last quarter of the steps; speed is that of this process.

    `done_before` is the number of steps that an earlier process did.
    """
    losses = [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]
    valid = [entry["eval_loss"] for entry in trainer.state.log_history if "eval_loss" in entry]
    last = losses[-math.ceil(len(losses) / 4) :]
    done_here = 1 - done_before / trainer.state.global_step
    tokens = plan.epochs * sum(trainer.lengths) * done_here
    metrics = {
        "steps": trainer.state.global_step,
        "first_loss": round(losses[0], 4),
        "train_loss": round(sum(last) / len(last), 4),
        "seconds": round(seconds, 1),
        "tokens_per_second": round(tokens / seconds, 1),
        "peak_memory_bytes": _peak_memory(),
        "device": torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu",
        "dtype": "bfloat16" if _has_bf16() else "float32",
    }
    return {**metrics, "valid_loss": round(valid[-1], 4)} if valid else metrics


def _peak_memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
