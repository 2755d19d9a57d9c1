"""The generation service's settings, read from `GENERATION_…` in the environment."""

import json
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from shared.settings import BASE_NAME, JobSettings

SHAPE = 'GENERATION_ENGINES wants base models and the URLs of their engines as JSON: {"name": ["http://…", "http://…"]}'


class GenerationSettings(BaseSettings):
    """Where the front door listens, where its neighbours are, and its limits."""

    model_config = SettingsConfigDict(env_prefix="GENERATION_", extra="ignore")

    common: JobSettings = Field(default_factory=JobSettings, description="The settings shared with the other processes (`TANDEM_…`).")
    host: str = Field("127.0.0.1", description="Address the front door listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port the front door listens on.")
    engine_url: str = Field("http://127.0.0.1:8002", description="The vLLM engine, where there is one.")
    engines: Annotated[dict[str, list[str]], NoDecode] = Field(
        {},
        description='Several engines: their URLs by base model, as JSON (`{"name": ["http://…"]}`); empty: `GENERATION_ENGINE_URL`.',
    )
    engine_requests: int = Field(256, ge=1, description="Requests that one engine answers at the same time; more wait for a place.")
    engine_waiting: int = Field(1024, ge=0, description="Requests that may wait for each engine; further ones are refused with 429.")
    engine_check_seconds: float = Field(2, gt=0, description="How often each engine's health is looked at.")
    engine_seconds: float = Field(600, gt=0, description="Longest wait for the engine's next bytes.")
    retrieval_url: str = Field("http://127.0.0.1:8001", description="The retrieval service.")
    retrieval_seconds: float = Field(60, gt=0, description="Longest wait for retrieval's next bytes.")
    max_body_bytes: int = Field(32 * 1024 * 1024, ge=1024, description="Largest body of a chat or completions call.")
    prompt_template: Path | None = Field(None, description="File with the template of prompts with documents; empty: the one built in.")
    abstention: str = Field(
        "The documents do not answer this question.", min_length=1, description="What an answer says that abstains (`on_empty`)."
    )
    offer_search: bool = Field(
        True,
        description="Models whose engine reads tool calls decide on `file_search` themselves; `false`: the stores are always searched.",
    )
    background_running: int = Field(64, ge=1, description="Responses in the background that are worked on at the same time.")
    background_lease_seconds: float = Field(
        15, gt=0, description="Time after which a response in the background is taken up again whose front door has died."
    )
    max_lora_rank: int = Field(16, ge=1, description="Largest adapter rank; the engine's `--max-lora-rank`.")
    sweep_seconds: float = Field(10, gt=0, description="How often workers are told again of jobs that wait.")

    @field_validator("prompt_template")
    @classmethod
    def _is_file(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_file():
            raise ValueError(f"there is no file '{value}'; name one with a Jinja template that shows `passages` and `question`")
        return value

    @field_validator("engines", mode="before")
    @classmethod
    def _parse_engines(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value or "{}")
        except ValueError as error:
            raise ValueError(SHAPE) from error

    @field_validator("engines")
    @classmethod
    def _check_engines(cls, value: dict[str, list[str]]) -> dict[str, list[str]]:
        urls = [url for urls in value.values() for url in urls]
        named = all(BASE_NAME.fullmatch(name) and urls for name, urls in value.items())
        if not named or len(set(urls)) < len(urls) or not all(urlsplit(url).scheme in ("http", "https") for url in urls):
            raise ValueError(f"{SHAPE}, each base model with one engine or more, and no engine twice")
        return value

    @model_validator(mode="after")
    def _check_trained(self) -> "GenerationSettings":
        if self.engines and self.common.served_name not in self.engines:
            raise ValueError(
                f"GENERATION_ENGINES has no engine of '{self.common.served_name}' (TANDEM_BASE_NAME), which is fine-tuned here"
            )
        return self

    def engine_urls(self) -> dict[str, list[str]]:
        """Return the URLs of the engines by base model, the one that is fine-tuned here first."""
        trained = self.common.served_name
        return {trained: self.engines[trained], **self.engines} if self.engines else {trained: [self.engine_url]}

    @property
    def engine_setting(self) -> str:
        """The variable that names the engines."""
        return "GENERATION_ENGINES" if self.engines else "GENERATION_ENGINE_URL"
