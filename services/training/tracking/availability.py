"""Checks at the start of a worker that it can report to the trackers that its settings name."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec

from shared.contracts.integrations import TITLES


@dataclass(frozen=True)
class Requirement:
    """What a tracker needs: a package, which is imported under the tracker's name, and one of these variables."""

    package: str
    variables: tuple[str, ...]
    advice: str


REQUIREMENTS = {
    "wandb": Requirement("wandb", ("WANDB_API_KEY", "WANDB_IDENTITY_TOKEN_FILE"), "Set WANDB_API_KEY, or WANDB_MODE=offline"),
    "mlflow": Requirement("mlflow-skinny", ("MLFLOW_TRACKING_URI",), "Set MLFLOW_TRACKING_URI"),
}


def find_problems(enabled: Collection[str], environment: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence for each tracker that is enabled, but cannot work."""
    for name in sorted(enabled):
        needs = REQUIREMENTS[name]
        is_offline = name == "wandb" and environment.get("WANDB_MODE") == "offline"
        remedy = f"or leave '{name}' out of TANDEM_INTEGRATIONS."
        if find_spec(name) is None:
            yield f"{TITLES[name]} needs the package '{needs.package}' in the training worker's environment. Install it, {remedy}"
        elif not is_offline and not any(environment.get(variable) for variable in needs.variables):
            yield f"{TITLES[name]} is not set up for the training worker. {needs.advice}, {remedy}"
