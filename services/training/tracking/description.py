"""Describes the runs that a job asks for: where each belongs, and what the job trains with."""

from collections.abc import Iterator
from typing import Any

from services.training.tracking.messages import RunDescription
from shared.contracts.fine_tuning import TrainingSpec
from shared.records.models.adapters import read_base


def describe_runs(job_id: str, spec: TrainingSpec) -> Iterator[RunDescription]:
    """Yield the runs that the job asks for."""
    base, config, seen = read_base(spec.model), describe_config(spec), list[str]()
    for integration in spec.integrations:
        kind = integration.type
        seen.append(kind)
        number = seen.count(kind)
        options = getattr(integration, kind).model_dump()
        yield RunDescription(kind, job_id if number == 1 else f"{job_id}-{number}", job_id, base, options, config)


def describe_config(spec: TrainingSpec) -> dict[str, Any]:
    """Return the parameters of the training, without those that are not set."""
    method = spec.method.options
    parameters = {
        "model": spec.model,
        "training_file": spec.training_file,
        "validation_file": spec.validation_file,
        "seed": spec.seed,
        "method": spec.method.type,
        **method.hyperparameters.model_dump(),
        **{f"lora.{name}": value for name, value in method.lora.model_dump().items()},
    }
    return {name: _flatten(value) for name, value in parameters.items() if value is not None}


def _flatten(value: Any) -> Any:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else value
