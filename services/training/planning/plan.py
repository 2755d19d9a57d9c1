"""The plan of a training: everything that the training process needs to know.

It is made once and stored in the job's folder, so a worker that takes over the job trains the same thing. It names no file or folder: the
next worker may be on another machine.
"""

import json
from dataclasses import asdict, dataclass, replace

from services.training.planning.job_folder import JobFolder, write_atomically
from shared.contracts.fine_tuning import ALL_LINEAR, DpoHyperparameters, Hyperparameters, LoraOptions, TrainingSpec
from shared.planning.schedule import Schedule

AUTO_BETA = 0.1
KEPT_EPOCHS = 3  # how many of the last epochs have their adapters published


@dataclass(frozen=True)
class LoraShape:
    """The adapter's shape (Hu et al. 2021): rank `r`, scale `alpha / r`, or `alpha / sqrt(r)` with `use_rslora`, and dropout.

    `target_modules` are the last parts of the names of the layers that get one, or PEFT's word for all linear layers.
    """

    rank: int
    alpha: float
    dropout: float
    use_rslora: bool = False
    target_modules: str | tuple[str, ...] = ALL_LINEAR


@dataclass(frozen=True)
class Plan:
    """A training's settings. `validation` says whether there is a validation file.

    `min_parts` is in how many parts, at least, a batch is computed; `max_length` the tokens after which examples were truncated. With
    `beta`, the examples are preference pairs, trained by direct preference optimization. With `patience`, the training ends after so many
    validations in a row that did not find a loss lower by more than `threshold`. With `packing`, several examples share a row of tokens.
    With `load_in_4bit`, the base model is quantized while the adapter is trained.
    """

    epochs: int
    batch_size: int
    learning_rate: float
    warmup_steps: int
    steps_per_epoch: int
    shape: LoraShape
    seed: int
    checkpoint_seconds: float
    activation_bytes: int
    max_length: int
    validation: bool = False
    scheduler: str = "linear"
    weight_decay: float = 0.0
    min_parts: int = 1
    beta: float | None = None
    patience: int | None = None
    threshold: float = 0.0
    packing: bool = False
    load_in_4bit: bool = False

    @property
    def total_steps(self) -> int:
        """Optimizer steps of the whole training."""
        return self.epochs * self.steps_per_epoch


def build_plan(spec: TrainingSpec, schedule: Schedule, *, checkpoint_seconds: float, activation_bytes: int, max_length: int) -> Plan:
    """Return the plan for a job."""
    requested, lora = spec.method.options.hyperparameters, spec.method.options.lora
    return Plan(
        epochs=schedule.epochs,
        batch_size=schedule.batch_size,
        learning_rate=schedule.learning_rate,
        warmup_steps=schedule.warmup_steps,
        steps_per_epoch=schedule.steps_per_epoch,
        shape=choose_shape(lora),
        seed=spec.seed,
        checkpoint_seconds=checkpoint_seconds,
        activation_bytes=activation_bytes,
        validation=spec.validation_file is not None,
        scheduler=requested.lr_scheduler_type,
        weight_decay=requested.weight_decay,
        min_parts=min(requested.gradient_accumulation_steps, schedule.batch_size),
        max_length=max_length,
        beta=choose_beta(requested),
        patience=requested.early_stopping_patience,
        threshold=requested.early_stopping_threshold,
        packing=requested.packing,
        load_in_4bit=lora.load_in_4bit,
    )


def choose_beta(requested: Hyperparameters) -> float | None:
    """Return the `beta` of direct preference optimization, or None for the hyperparameters of another method.

    `auto` is 0.1, with which Rafailov et al. 2023 (arXiv:2305.18290, appendix B) trained unless noted otherwise.
    """
    if not isinstance(requested, DpoHyperparameters):
        return None
    return AUTO_BETA if requested.beta == "auto" else requested.beta


def choose_shape(lora: LoraOptions) -> LoraShape:
    """Return the adapter's shape, with the default of `alpha` and no layer twice."""
    modules = lora.target_modules if isinstance(lora.target_modules, str) else tuple(dict.fromkeys(lora.target_modules))
    return LoraShape(lora.rank, lora.chosen_alpha, lora.dropout, lora.use_rslora, modules)


def write_plan(plan: Plan, folder: JobFolder) -> None:
    """Store the plan in the job's folder."""
    write_atomically(folder.plan, json.dumps(asdict(plan), indent=1))


def read_plan(folder: JobFolder, max_length: int = 0) -> Plan:
    """Return the plan stored in the job's folder. One that an older version wrote gets the worker's `max_length`, as it was meant then.

    The training process needs no `max_length`, because the examples that it reads are truncated already.
    """
    fields = {"max_length": max_length, **json.loads(folder.plan.read_text())}
    shape = LoraShape(**fields["shape"])
    modules = shape.target_modules if isinstance(shape.target_modules, str) else tuple(shape.target_modules)
    return Plan(**{**fields, "shape": replace(shape, target_modules=modules)})
