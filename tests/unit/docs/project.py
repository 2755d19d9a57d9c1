"""What the documentation talks about, as it is: settings, routes of the API, make targets, variables, containers."""

import json
import re
from functools import cache
from typing import Any

import yaml
from pydantic_settings import BaseSettings

from deploy.local.settings import EngineSettings, StackSettings
from services.evaluation.settings import EvaluationSettings
from services.generation.settings import GenerationSettings
from services.retrieval.settings import RetrievalSettings
from services.training.settings import TrainingSettings
from shared.settings import CommonSettings, JobSettings
from tests.unit.docs.pages import ROOT

SETTINGS: dict[str, type[BaseSettings]] = {
    "Every process": CommonSettings,
    "Generation, training and evaluation": JobSettings,
    "Retrieval": RetrievalSettings,
    "Generation": GenerationSettings,
    "Training worker": TrainingSettings,
    "Evaluation worker": EvaluationSettings,
    "The local stack": StackSettings,
    "The local stack's engine": EngineSettings,
}
COMPOSE_FILES = ("docker-compose.yml", "deploy/docker/compose.cpu.yml")
FOREIGN = {"TANDEM_TEST_BASE_IMAGES", "DOCKER_HOST", "HF_HOME", "HF_TOKEN", "HF_HUB_DISABLE_TELEMETRY", "COMPOSE_FILE"}
PARAMETER = re.compile(r"\{[^}]*\}|\$\w+")
NOT_IN_SCHEMA = {("get", "/metrics"), ("get", "/docs")}


def variable(settings: type[BaseSettings], name: str) -> str:
    """Return the environment variable of a setting."""
    return f"{settings.model_config['env_prefix']}{name.upper()}"


def rows(settings: type[BaseSettings]) -> dict[str, tuple[str, Any]]:
    """Return the description and default of every variable of a class, but for those of nested and inherited settings."""
    inherited = {name for base in settings.__bases__ for name in getattr(base, "model_fields", {})}
    own = {name: field for name, field in settings.model_fields.items() if name not in inherited and name != "common"}
    return {variable(settings, name): (field.description or "", field.default) for name, field in own.items()}


@cache
def variables() -> set[str]:
    """Return every environment variable that may be named: settings, those of the containers, a few of other programs."""
    settings = {name for each in SETTINGS.values() for name in rows(each)}
    containers = re.findall(r"^#? ?([A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), flags=re.MULTILINE)
    return settings | set(containers) | FOREIGN


@cache
def targets() -> set[str]:
    """Return the Makefile's targets."""
    return set(re.findall(r"^([a-z-]+):", makefile(), flags=re.MULTILINE))


@cache
def makefile() -> str:
    """Return the Makefile's text."""
    return (ROOT / "Makefile").read_text(encoding="utf-8")


@cache
def schema() -> dict[str, Any]:
    """Return the OpenAPI document of the whole API."""
    return dict(json.loads((ROOT / "deploy" / "openapi" / "tandem.json").read_text(encoding="utf-8")))


@cache
def routes() -> set[tuple[str, str]]:
    """Return method and path of every route; parameters are `{}`."""
    listed = {(method, PARAMETER.sub("{}", path)) for path, methods in schema()["paths"].items() for method in methods}
    return listed | NOT_IN_SCHEMA


@cache
def compose() -> dict[str, Any]:
    """Return the Compose file."""
    return dict(yaml.safe_load((ROOT / COMPOSE_FILES[0]).read_text(encoding="utf-8")))
