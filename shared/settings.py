"""The settings every process shares, read from `TANDEM_…` in the environment. Only wiring reads settings."""

import re
import sys
from pathlib import Path
from typing import TypeVar

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.log import Format

SettingsT = TypeVar("SettingsT", bound=BaseSettings)
# Both are parts of an adapter's name (see `shared.records.adapters.NAME`), which is a directory's.
PROJECT = re.compile(r"[A-Za-z0-9_-]{1,64}")
BASE_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,95}")


class CommonSettings(BaseSettings):
    """Settings that mean the same in every process."""

    model_config = SettingsConfigDict(env_prefix="TANDEM_", extra="ignore")

    data: Path = Field(Path(".tandem"), description="Folder of everything Tandem keeps on this machine.")
    keys: str = Field("", description="API keys as `project:key,project:key`; empty: no keys, one project `default`.")
    worker_key: str | None = Field(None, description="The key workers use towards the services; needed where keys are set.")
    broker_url: str = Field("redis://127.0.0.1:8003/0", description="Redis or Valkey, which wakes the workers.")
    log_format: Format = Field("json", description="`json` or `console`.")
    log_level: str = Field("INFO", description="Lowest level that is logged.")

    @field_validator("keys")
    @classmethod
    def _check_keys(cls, value: str) -> str:
        for pair in value.split(",") if value else ():
            project, _, key = pair.strip().partition(":")
            if not PROJECT.fullmatch(project) or len(key) < 8:
                raise ValueError(
                    "TANDEM_KEYS wants `project:key` pairs separated by commas: projects of up to 64 letters, digits, `_` and `-`, "
                    "keys of 8 characters or more"
                )
        return value

    @model_validator(mode="after")
    def _check_all_keys(self) -> "CommonSettings":
        if not self.keys:
            return self
        if len(self.worker_key or "") < 8 or self.worker_key in self.key_projects():
            raise ValueError(
                "TANDEM_KEYS is set, so TANDEM_WORKER_KEY must be set too: a key of 8 characters or more that is nobody else's"
            )
        if len(self.key_projects()) < len(self.keys.split(",")):
            raise ValueError("TANDEM_KEYS names a key twice, or has an empty part; every key belongs to one project")
        return self

    def key_projects(self) -> dict[str, str]:
        """Return each API key's project."""
        pairs = (pair.strip().partition(":") for pair in self.keys.split(",") if pair.strip())
        return {key: project for project, _, key in pairs}


class JobSettings(CommonSettings):
    """Settings of the three processes that know jobs: generation, training, evaluation."""

    database_url: str = Field("", description="SQLAlchemy URL of jobs and adapters; empty: SQLite in the data folder.")
    adapters: Path | None = Field(None, description="Folder of published adapters, shared with the engine.")
    base_model: str = Field("", description="The base model: a directory or a Hugging Face id; empty: the one in the data folder.")
    base_name: str = Field("", description="The base model's name in the API; empty: the last part of `base_model`, in lower case.")
    api_url: str = Field("http://127.0.0.1:8000", description="The front door, as workers reach it.")

    @model_validator(mode="after")
    def _check_base_name(self) -> "JobSettings":
        if not BASE_NAME.fullmatch(self.served_name):
            raise ValueError(
                f"TANDEM_BASE_NAME must be set: '{self.served_name}' cannot be part of a model's name, which takes up to 96 "
                "lower-case letters, digits, `.`, `_` and `-`"
            )
        return self

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


def read_settings(kind: type[SettingsT]) -> SettingsT:
    """Return the settings of the process; a wrong one ends it with exit code 2 and a line that names the variable."""
    try:
        return kind()
    except ValidationError as error:
        prefix = "TANDEM_" if error.title in (CommonSettings.__name__, JobSettings.__name__) else str(kind.model_config["env_prefix"])
        for problem in error.errors(include_url=False):
            name = prefix + "_".join(str(part) for part in problem["loc"]).upper() if problem["loc"] else "Settings"
            sys.stderr.write(f"{name}: {problem['msg']}\n")
        sys.exit(2)
