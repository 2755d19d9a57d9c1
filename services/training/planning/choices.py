"""Replaces every `auto` of a request by what the plan has, so that the job shows what it is trained with."""

from services.training.planning.job_folder import JobFolder
from services.training.planning.plan import Plan, read_plan
from shared.contracts.fine_tuning import Hyperparameters, TrainingSpec
from shared.planning.schedule import LEARNING_RATE_UNIT


def show_choices(spec: TrainingSpec, plan: Plan) -> TrainingSpec:
    """Return the job's spec without `auto`. Trained again, it makes the same plan."""
    requested = spec.method.options
    multiplier = requested.hyperparameters.learning_rate_multiplier
    chosen = {
        "n_epochs": plan.epochs,
        "batch_size": plan.batch_size,
        "learning_rate_multiplier": round(plan.learning_rate / LEARNING_RATE_UNIT, 2) if multiplier == "auto" else multiplier,
        "warmup_steps": plan.warmup_steps,
        "gradient_accumulation_steps": plan.min_parts,
        "max_length": plan.max_length,
        **({} if plan.beta is None else {"beta": plan.beta}),
    }
    hyperparameters = requested.hyperparameters.model_copy(update=chosen)
    lora = requested.lora.model_copy(update={"alpha": plan.shape.alpha})
    return spec.model_copy(update={"method": spec.method.with_options(hyperparameters=hyperparameters, lora=lora)})


def choose_max_length(requested: Hyperparameters, limit: int, folder: JobFolder) -> int:
    """Return the tokens after which an example is truncated; `limit` is the worker's.

    A worker that takes over truncates like the first one, whose setting may have been another, and whose plan is in the job's folder.
    """
    if folder.plan.exists():
        return read_plan(folder, limit).max_length
    return limit if requested.max_length == "auto" else requested.max_length
