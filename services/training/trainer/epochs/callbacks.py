"""What transformers' trainer calls at the ends of epochs."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from services.training.planning.plan import Plan
from services.training.trainer.epochs.adapters import delete_epochs, list_epoch_ends
from services.training.trainer.epochs.validation import has_stopped_early, list_superseded, list_validations
from services.training.trainer.parallel.agreement import is_first


class EpochCallback(TrainerCallback):
    """Calls `keep` with the step and the model at the end of each epoch whose adapter may be published.

    This comes before a checkpoint of the same step, so a training that resumes from there has kept the epoch's adapter already.

    What is not needed any more is deleted: after a validation, what was kept since the last checkpoint, because a training that resumes
    from there keeps it again; after a checkpoint, the rest. So there are never more than twice as many adapters as will be published.
    """

    def __init__(self, plan: Plan, epochs: Path, keep: Callable[[int, Any], None]) -> None:
        self._steps = set(list_epoch_ends(plan))
        self._epochs = epochs
        self._keep = keep
        self._last_checkpoint = 0

    def on_train_begin(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:  # noqa: ARG002  transformers' signature
        self._last_checkpoint = state.global_step

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **options: Any) -> None:  # noqa: ARG002  transformers' signature
        if state.global_step in self._steps:
            self._keep(state.global_step, options["model"])

    def on_evaluate(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:  # noqa: ARG002  transformers' signature
        superseded = list_superseded(list_validations(state.log_history))
        self._delete([step for step in superseded if step > self._last_checkpoint])

    def on_save(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:  # noqa: ARG002  transformers' signature
        self._last_checkpoint = state.global_step
        self._delete(list_superseded(list_validations(state.log_history)))

    def _delete(self, steps: Sequence[int]) -> None:
        """Delete adapters. Of several processes, the first does, once it has marked the checkpoint as complete."""
        if is_first():
            delete_epochs(self._epochs, steps)


class EarlyStoppingCallback(TrainerCallback):
    """Ends the training after a validation if the loss has not fallen for as long as the plan allows.

    That of transformers counts in a state of its own, and needs its way of choosing checkpoints.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    def on_evaluate(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:  # noqa: ARG002  transformers' signature
        if has_stopped_early(self._plan, list_validations(state.log_history)):
            control.should_training_stop = True
