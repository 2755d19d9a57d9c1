"""The evaluation worker's settings, read from `EVALUATION_…` in the environment."""

import json
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from shared.settings import JobSettings

GENERATORS = 'must be base URLs with their API keys, as JSON: {"https://…/v1": "key"}; the key may be empty'


class EvaluationSettings(BaseSettings):
    """How many calls the worker makes at a time, and how long it waits for them. An empty variable is one that is not set."""

    model_config = SettingsConfigDict(env_prefix="EVALUATION_", extra="ignore", env_ignore_empty=True)

    common: JobSettings = Field(default_factory=JobSettings, description="The settings shared with the other processes (`TANDEM_…`).")
    concurrency: int = Field(
        16, ge=1, le=256, description="Questions of a comparison or a dataset, or items of an eval, that are in progress at the same time."
    )
    call_seconds: float = Field(300, gt=0, description="Maximum wait for one answer.")
    patience_seconds: float = Field(120, ge=0, description="How long a call is retried if it fails for the moment (429, 503, 504).")
    single_questions: int = Field(10, ge=0, description="Questions that each arm is asked one at a time, for its latency without load.")
    repeated_questions: int = Field(10, ge=0, description="Questions that each arm is asked twice, to see how often its answers change.")
    max_jobs_per_project: int | None = Field(
        None,
        ge=1,
        description="Jobs of one kind, such as comparisons, that a project runs at the same time, on all workers. Empty: no limit.",
    )
    embedding_model: str = Field("all-MiniLM-L6-v2", description="The embedding model of graders that compare by meaning (`cosine`).")
    external_generators: Annotated[dict[str, SecretStr], NoDecode] = Field(
        {},
        description="The OpenAI-compatible APIs that may write datasets, by base URL, with their keys, as JSON "
        '(`{"https://models.example.com/v1": "key"}`). The documents of any project may be sent there. Empty: none.',
    )

    @field_validator("external_generators", mode="before")
    @classmethod
    def _parse_generators(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value or "{}")
        except ValueError as error:
            raise ValueError(GENERATORS) from error

    @field_validator("external_generators")
    @classmethod
    def _check_generators(cls, value: dict[str, SecretStr]) -> dict[str, SecretStr]:
        parts = [urlsplit(url) for url in value]
        if not all(part.scheme in ("http", "https") and part.hostname and not part.username and not part.query for part in parts):
            raise ValueError(GENERATORS)
        return value
