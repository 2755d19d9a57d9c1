"""What happens during a training: every logged step is reported, and checkpoints are written by the clock."""

import math
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from services.training.planning.plan import Plan
from services.training.trainer.checkpoints import delete_attempts, mark_complete
from services.training.trainer.execution import measure_peak_memory
from services.training.trainer.failures import LossNotFinite
from services.training.trainer.messages import Message, Report
from services.training.trainer.parallel.agreement import is_first, share, wait_for_all

ALIVE_SECONDS = 2.0
# The names of transformers and TRL, and ours.
LOSSES = (("loss", "train_loss"), ("eval_loss", "valid_loss"))
MEASURES = ("mean_token_accuracy", "reward_accuracy", "reward_margin")  # the last two are of preference pairs
OF_OPTIMIZER = {"learning_rate": 6, "grad_norm": 4}  # significant digits; the norm is that before clipping, and may be infinite


class ProgressCallback(TrainerCallback):
    """Reports each logged step as a `progress` message, and ends the training if a loss is not a number.

    `num_tokens` are those of an epoch, without padding.
    """

    def __init__(self, plan: Plan, num_tokens: int, report: Report) -> None:
        self._plan = plan
        self._num_tokens = num_tokens
        self._report = report
        self._started = 0.0
        self._first_step = 0

    def on_train_begin(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:  # noqa: ARG002  transformers' signature
        self._started = time.monotonic()
        self._first_step = state.global_step

    def on_log(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **options: Any) -> None:  # noqa: ARG002  transformers' signature
        logs = options["logs"]
        losses = {name: logs[key] for key, name in LOSSES if key in logs}
        if not all(math.isfinite(loss) for loss in losses.values()):
            raise LossNotFinite(f"The loss is no longer a number at step {state.global_step}.")
        if losses:
            names = {prefix + name: f"{kind}_{name}" for name in MEASURES for prefix, kind in (("", "train"), ("eval_", "valid"))}
            measures = {name: round(logs[key], 4) for key, name in names.items() if key in logs}
            optimizer = {
                name: float(f"{logs[name]:.{digits}g}") for name, digits in OF_OPTIMIZER.items() if math.isfinite(logs.get(name, math.nan))
            }
            self._report(Message("progress", {**self._describe_step(state.global_step), **losses, **measures, **optimizer}))

    def _describe_step(self, step: int) -> dict[str, Any]:
        total, done = self._plan.total_steps, max(1, step - self._first_step)
        seconds_per_step = (time.monotonic() - self._started) / done
        return {
            "step": step,
            "total_steps": total,
            "percent": round(100 * step / total, 1),
            "seconds_left": round(seconds_per_step * (total - step), 1),
            "tokens_per_second": round(self._num_tokens / self._plan.steps_per_epoch / seconds_per_step, 1),
            "peak_memory_bytes": measure_peak_memory(),
        }


class AliveCallback(TrainerCallback):
    """Reports, every few seconds, that the training goes on: at the ends of steps and of their parts, and during validation."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._last = -math.inf

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:  # noqa: ARG002  transformers' signature
        if time.monotonic() - self._last >= ALIVE_SECONDS:
            self._report(Message("alive"))
            self._last = time.monotonic()

    on_substep_end = on_step_end
    on_prediction_step = on_step_end


class PauseCallback(TrainerCallback):
    """Ends the training after the current step, with a checkpoint, once `is_requested` is set."""

    def __init__(self, is_requested: threading.Event) -> None:
        self._is_requested = is_requested

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:  # noqa: ARG002  transformers' signature
        if self._is_requested.is_set() and state.global_step < state.max_steps:
            control.should_save = control.should_training_stop = True


class FollowCallback(TrainerCallback):
    """Lets all processes do after a step what the first one does: write a checkpoint, or end. Add it as the last one.

    The first decides by its clock, or because the worker told it to pause, which the others do not see.
    """

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:  # noqa: ARG002  transformers' signature
        control.should_save, control.should_training_stop = share((control.should_save, control.should_training_stop))


class CheckpointCallback(TrainerCallback):
    """Requests a checkpoint whenever `seconds` have passed, and marks and reports those that all processes have written to their end.

    Then the checkpoints of `earlier` attempts are no longer needed, and are deleted.
    """

    def __init__(self, seconds: float, report: Report, earlier: Sequence[Path]) -> None:
        self._seconds = seconds
        self._report = report
        self._earlier = earlier
        self._last = time.monotonic()

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:  # noqa: ARG002  transformers' signature
        if time.monotonic() - self._last >= self._seconds:
            control.should_save = True

    def on_save(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:  # noqa: ARG002  transformers' signature
        wait_for_all()
        if is_first():
            mark_complete(Path(str(args.output_dir)) / f"checkpoint-{state.global_step}")
            delete_attempts(self._earlier)
            self._report(Message("checkpoint", {"step": state.global_step}))
        self._last = time.monotonic()
