"""The settings that all processes share, read from `TANDEM_…` in the environment. Only wiring reads settings."""

import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias, TypeVar

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from shared.log import LogFormat
from shared.validation.schema import Node, schema_of
from shared.validation.wording import word

SettingsT = TypeVar("SettingsT", bound=BaseSettings)
Access: TypeAlias = Literal["open", "key", "off"]
# Both are parts of an adapter's name (see `shared.records.models.adapters.NAME`), which is the name of a directory.
PROJECT = re.compile(r"[A-Za-z0-9_-]{1,64}")
BASE_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,95}")
TRACKERS = ("wandb", "mlflow")


NAMED_TEXTS = 'must be JSON: {"name": "…"}, with the names of base models in the API'


@dataclass(frozen=True)
class TrainableBase:
    """A base model that can be fine-tuned: `model` is a directory or a Hugging Face id, exactly as the engine's `--model` names it.

    `chat_template` is the template that its engine is started with, if it is not the model's own.
    """

    model: str
    chat_template: Path | None = None

    @property
    def folder(self) -> Path:
        """The directory of the model. For a Hugging Face id, there is none."""
        return Path(self.model)


class CommonSettings(BaseSettings):
    """Settings that mean the same in every process."""

    model_config = SettingsConfigDict(env_prefix="TANDEM_", extra="ignore", env_ignore_empty=True)

    data: Path = Field(Path(".tandem"), description="The folder for everything that Tandem stores on this machine.")
    keys: str = Field("", description="API keys as `project:key,project:key`. Empty: no keys, and one project `default`.")
    worker_key: str | None = Field(None, description="The key that workers send to the services. Required if keys are set.")
    broker_url: str = Field("redis://127.0.0.1:8003/0", description="Redis or Valkey, which notifies the workers.")
    log_format: LogFormat = Field("json", description="`json` or `console`.")
    log_level: str = Field("INFO", description="The lowest level that is logged.")
    metrics: Access = Field("key", description="Who may read `/metrics`: `open` is everyone, `key` needs an API key if keys are set.")
    docs: Access = Field("open", description="Who may read `/docs` and `/openapi.json`: `open`, `key`, or `off` for no one.")
    header_seconds: float = Field(20, gt=0, description="How long the headers of a request may take to arrive at a service.")
    body_seconds: float = Field(30, gt=0, description="How long a service waits for the next bytes of a request's body.")
    max_connections: int = Field(
        2000, ge=1, description="How many connections a service keeps open at a time. If all are in use, new ones get status 503."
    )

    @field_validator("keys")
    @classmethod
    def _check_keys(cls, value: str) -> str:
        for pair in value.split(",") if value else ():
            project, _, key = pair.strip().partition(":")
            if not PROJECT.fullmatch(project) or len(key) < 8:
                raise ValueError(
                    "must be `project:key` pairs separated by commas. A project has up to 64 letters, digits, `_` and `-`; "
                    "a key has at least 8 characters"
                )
        return value

    @model_validator(mode="after")
    def _check_all_keys(self) -> "CommonSettings":
        if not self.keys:
            return self
        if len(self.worker_key or "") < 8 or self.worker_key in self.key_projects():
            raise ValueError("TANDEM_WORKER_KEY must be set if TANDEM_KEYS is: a key of at least 8 characters that is not in TANDEM_KEYS.")
        if len(self.key_projects()) < len(self.keys.split(",")):
            raise ValueError("TANDEM_KEYS must not name a key twice or have an empty entry. Every key belongs to one project.")
        return self

    def key_projects(self) -> dict[str, str]:
        """Return each API key's project."""
        pairs = (pair.strip().partition(":") for pair in self.keys.split(",") if pair.strip())
        return {key: project for project, _, key in pairs}


class JobSettings(CommonSettings):
    """Settings of the three processes that use jobs: generation, training and evaluation."""

    database_url: str = Field("", description="SQLAlchemy URL of the database of jobs and adapters. Empty: SQLite in the data folder.")
    adapters: Path | None = Field(None, description="The folder of published adapters, shared with the engine.")
    base_model: str = Field("", description="The base model: a directory or a Hugging Face id. Empty: the model in the data folder.")
    base_name: str = Field("", description="The base model's name in the API. Empty: the last part of `TANDEM_BASE_MODEL`, in lowercase.")
    chat_template: Path | None = Field(
        None, description="The chat template that the engine is started with (`--chat-template`), if it is not the base model's own."
    )
    base_models: Annotated[dict[str, str], NoDecode] = Field(
        {},
        description="Further base models that can be fine-tuned, by their names in the API, as JSON "
        '(`{"qwen3-8b": "/models/Qwen3-8B"}`): directories or Hugging Face ids, as their engines\' `--model` names them.',
    )
    chat_templates: Annotated[dict[str, str], NoDecode] = Field(
        {}, description="The chat templates of further base models, by their names in the API, as JSON. See `TANDEM_CHAT_TEMPLATE`."
    )
    api_url: str = Field("http://127.0.0.1:8000", description="The URL of the front door for the workers.")
    integrations: str = Field(
        "", description="The experiment trackers that a fine-tuning job may be reported to, separated by commas: `wandb`, `mlflow`."
    )

    @model_validator(mode="after")
    def _check_base_name(self) -> "JobSettings":
        if not BASE_NAME.fullmatch(self.served_name):
            raise ValueError(
                f"TANDEM_BASE_NAME must be set, because '{self.served_name}' cannot be part of a model's name. The name may have up to "
                "96 lower-case letters, digits, `.`, `_` and `-`."
            )
        return self

    @field_validator("base_models", "chat_templates", mode="before")
    @classmethod
    def _parse_texts(cls, value: Any) -> Any:
        try:
            texts = json.loads(value or "{}") if isinstance(value, str) else value
        except ValueError as error:
            raise ValueError(NAMED_TEXTS) from error
        if not isinstance(texts, dict) or not all(_is_named(name, text) for name, text in texts.items()):
            raise ValueError(NAMED_TEXTS)
        return texts

    @model_validator(mode="after")
    def _check_bases(self) -> "JobSettings":
        if self.served_name in self.base_models:
            raise ValueError(f"TANDEM_BASE_MODELS must not have '{self.served_name}', which is TANDEM_BASE_MODEL.")
        if unknown := next((name for name in self.chat_templates if name not in self.base_models), None):
            raise ValueError(f"TANDEM_CHAT_TEMPLATES must have names of TANDEM_BASE_MODELS only; got '{unknown}'.")
        return self

    @field_validator("integrations")
    @classmethod
    def _check_integrations(cls, value: str) -> str:
        if unknown := next((name for name in _split(value) if name not in TRACKERS), None):
            raise ValueError(f"must have only {' and '.join(TRACKERS)}, separated by a comma; got '{unknown}'")
        return value

    @field_validator("chat_template", mode="before")
    @classmethod
    def _read_empty(cls, value: object) -> object:
        return value or None

    @property
    def trackers(self) -> frozenset[str]:
        """The experiment trackers that a job may be reported to."""
        return frozenset(_split(self.integrations))

    @property
    def jobs_url(self) -> str:
        """The jobs database's URL."""
        return self.database_url or f"sqlite:///{(self.data / 'jobs.db').absolute()}"

    @property
    def adapters_dir(self) -> Path:
        """The folder of published adapters."""
        return (self.adapters or self.data / "adapters").absolute()

    @property
    def base_path(self) -> str:
        """The base model, exactly as the engine's `--model` names it."""
        return self.base_model or str((self.data / "models" / "SmolLM2-135M-Instruct").absolute())

    @property
    def served_name(self) -> str:
        """The base model's name in the API."""
        return self.base_name or self.base_path.rstrip("/").rsplit("/", 1)[-1].lower()

    def bases(self) -> dict[str, TrainableBase]:
        """Return the base models that can be fine-tuned, by their names in the API; the first is the one that is used by default."""
        templates = {name: Path(path) for name, path in self.chat_templates.items()}
        further = {name: TrainableBase(model, templates.get(name)) for name, model in self.base_models.items()}
        return {self.served_name: TrainableBase(self.base_path, self.chat_template), **further}


def _is_named(name: object, text: object) -> bool:
    """Return whether this is the name of a base model, and a text about it."""
    return isinstance(name, str) and BASE_NAME.fullmatch(name) is not None and isinstance(text, str) and text != ""


def _split(names: str) -> list[str]:
    return [name.strip() for name in names.split(",") if name.strip()]


def read_settings(kind: type[SettingsT]) -> SettingsT:
    """Return the settings of the process. If one is not valid, exit with code 2 and a message that names the variable."""
    try:
        return kind()
    except ValidationError as error:
        prefix = "TANDEM_" if error.title in (CommonSettings.__name__, JobSettings.__name__) else str(kind.model_config["env_prefix"])
        for problem in error.errors(include_url=False):
            forms = schema_of(kind).forms_at(problem["loc"])
            sys.stderr.write(f"{_describe(problem, forms, prefix)}\n")
        sys.exit(2)


def _describe(problem: Mapping[str, Any], forms: Sequence[Node], prefix: str) -> str:
    """Return a sentence whose subject is the variable, unless a check names the variables itself."""
    predicate = word([problem], forms)
    if not problem["loc"]:
        return f"{predicate}."
    return f"{prefix}{'_'.join(str(part) for part in problem['loc']).upper()} {predicate}."
