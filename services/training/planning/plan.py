"""The plan of a training: everything that the training process needs to know.

It is made once and stored in the job's folder, so a worker that takes over the job trains the same thing. It names no file or folder: the
next worker may be on another machine.
"""

import json
from dataclasses import asdict, dataclass

from services.training.planning.job_folder import JobFolder, write_atomically
from services.training.planning.schedule import Schedule
from shared.contracts.fine_tuning import TrainingSpec


@dataclass(frozen=True)
class LoraShape:
    """The adapter's shape (Hu et al. 2021): rank `r`, scale `alpha / r`, dropout."""

    rank: int
    alpha: float
    dropout: float


@dataclass(frozen=True)
class Plan:
    """A training's settings. `validation` says whether there is a validation file."""

    epochs: int
    batch_size: int
    learning_rate: float
    warmup_steps: int
    steps_per_epoch: int
    shape: LoraShape
    seed: int
    checkpoint_seconds: float
    activation_bytes: int
    validation: bool = False

    @property
    def total_steps(self) -> int:
        """Optimizer steps of the whole training."""
        return self.epochs * self.steps_per_epoch


def build_plan(spec: TrainingSpec, schedule: Schedule, *, checkpoint_seconds: float, activation_bytes: int) -> Plan:
    """Return the plan for a job."""
    lora = spec.method.supervised.lora
    return Plan(
        epochs=schedule.epochs,
        batch_size=schedule.batch_size,
        learning_rate=schedule.learning_rate,
        warmup_steps=schedule.warmup_steps,
        steps_per_epoch=schedule.steps_per_epoch,
        shape=LoraShape(lora.rank, lora.alpha or 2.0 * lora.rank, lora.dropout),
        seed=spec.seed,
        checkpoint_seconds=checkpoint_seconds,
        activation_bytes=activation_bytes,
        validation=spec.validation_file is not None,
    )


def write_plan(plan: Plan, folder: JobFolder) -> None:
    """Store the plan in the job's folder."""
    write_atomically(folder.plan, json.dumps(asdict(plan), indent=1))


def read_plan(folder: JobFolder) -> Plan:
    """Return the plan stored in the job's folder."""
    fields = json.loads(folder.plan.read_text())
    return Plan(**{**fields, "shape": LoraShape(**fields["shape"])})
