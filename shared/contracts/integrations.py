"""Integrations: the experiment trackers that a fine-tuning job is reported to. `wandb` has OpenAI's shape; `mlflow` is an extension.

Addresses and keys are not part of a request: the operator sets them on the training workers.
"""

import re
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_core import InitErrorDetails

from shared.contracts.wire import MAX_ENTRIES, Request, Text, limit_entries

MAX_INTEGRATIONS = 5
MAX_TAGS = 20
NOT_IN_PROJECT = re.compile(r"[/\\#?%:]")  # Weights & Biases refuses these characters
TAG = re.compile(r"[\w.-]*[\w-][\w.-]*", re.ASCII)  # MLflow refuses what could not be the name of a file
TITLES = {"wandb": "Weights & Biases", "mlflow": "MLflow"}


def _check_project(name: str) -> str:
    if NOT_IN_PROJECT.search(name):
        raise ValueError(f"must not contain / \\ # ? % or :; got '{name[:64]}'")
    return name


def _check_tag(name: str) -> str:
    if not TAG.fullmatch(name):
        raise ValueError(f"must have only letters, digits, '_', '-' and '.', and not only '.'; got '{name[:64]}'")
    return name


def _refuse_other_options(value: Any) -> Any:
    """Refuse a field beside the options of the type. pydantic's own error would name the options, which are called as the type is."""
    kind = value.get("type") if isinstance(value, dict) else None
    unknown = next((name for name in value if name not in ("type", kind)), None) if kind in tuple(TITLES) else None
    if unknown is not None:
        details = InitErrorDetails(type="extra_forbidden", loc=(unknown,), input=value[unknown])
        raise ValidationError.from_exception_data("Integration", [details])
    return value


Project = Annotated[str, Field(min_length=1, max_length=128), AfterValidator(_check_project)]
WandbName = Annotated[str, Field(min_length=1, max_length=128)]
WandbTag = Annotated[str, Field(min_length=1, max_length=64)]
MlflowName = Annotated[str, Field(min_length=1, max_length=250)]
MlflowTag = Annotated[str, Field(min_length=1, max_length=64), AfterValidator(_check_tag)]


class WandbOptions(Request):
    """Where a run is in Weights & Biases. `entity` defaults to that of the operator's key, `name` to the id of the job.

    `project` must not contain `/`, `\\`, `#`, `?`, `%` or `:`.
    """

    project: Project
    entity: WandbName | None = None
    name: WandbName | None = None
    tags: Annotated[list[WandbTag], Field(max_length=MAX_TAGS)] | None = None


class WandbIntegration(Request):
    """Reports the job to Weights & Biases."""

    type: Literal["wandb"]
    wandb: WandbOptions


class MlflowOptions(Request):
    """Where a run is in MLflow. The experiment is created if it does not exist. `run_name` defaults to the id of the job.

    The names of `tags` have only letters, digits, `_`, `-` and `.`.
    """

    experiment: MlflowName
    run_name: MlflowName | None = None
    tags: Annotated[dict[MlflowTag, Text], Field(max_length=MAX_ENTRIES), BeforeValidator(limit_entries(MAX_ENTRIES))] | None = None


class MlflowIntegration(Request):
    """Extension: reports the job to MLflow."""

    type: Literal["mlflow"]
    mlflow: MlflowOptions


Integration: TypeAlias = Annotated[
    WandbIntegration | MlflowIntegration, Field(discriminator="type"), BeforeValidator(_refuse_other_options)
]
Integrations: TypeAlias = Annotated[list[Integration], Field(max_length=MAX_INTEGRATIONS)]
