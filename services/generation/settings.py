"""The generation service's settings, read from `GENERATION_…` in the environment."""

import json
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from shared.contracts.chat import ABSTENTION
from shared.settings import BASE_NAME, JobSettings

LOOPBACK = ("127.0.0.1", "localhost")
NAMED_URLS = 'must be the URLs of the engines by base model, as JSON: {"name": ["http://…", "http://…"]}'


class GenerationSettings(BaseSettings):
    """The front door's address, the services it calls, and its limits."""

    model_config = SettingsConfigDict(env_prefix="GENERATION_", extra="ignore", env_ignore_empty=True)

    common: JobSettings = Field(default_factory=JobSettings, description="The settings that all processes share (`TANDEM_…`).")
    host: str = Field("127.0.0.1", description="The address that the front door listens on.")
    port: int = Field(8000, ge=0, le=65535, description="The port that the front door listens on.")
    public_url: str = Field(
        "",
        description="The URL at which browsers reach the front door, for links such as `report_url`. Empty: `http://` with the host and "
        "port, if the front door listens only on its own machine; otherwise links begin with `/`.",
    )
    engine_url: str = Field("http://127.0.0.1:8002", description="The URL of the vLLM engine, if there is only one.")
    engines: Annotated[dict[str, list[str]], NoDecode] = Field(
        {},
        description='The URLs of several engines by base model, as JSON (`{"name": ["http://…"]}`). Empty: `GENERATION_ENGINE_URL`.',
    )
    engine_requests: int = Field(256, ge=1, description="How many requests one engine answers at a time. More requests wait.")
    engine_waiting: int = Field(1024, ge=0, description="How many requests may wait for each engine. More requests get status 429.")
    engine_check_seconds: float = Field(2, gt=0, description="The time between two health checks of an engine.")
    engine_seconds: float = Field(600, gt=0, description="How long the front door waits for the engine's next bytes.")
    retrieval_url: str = Field("http://127.0.0.1:8001", description="The URL of the retrieval service.")
    retrieval_seconds: float = Field(60, gt=0, description="How long the front door waits for retrieval's next bytes.")
    max_body_bytes: int = Field(32 * 1024 * 1024, ge=1024, description="The maximum size of a chat or completions request.")
    prompt_logprobs: bool = Field(
        False,
        description="`true`: requests may ask for log-probabilities of their prompt (`prompt_logprobs`; `echo` in a chat; `echo` with "
        "`logprobs` in a completion). Set it only if your engines serve no adapters: because of a bug in vLLM, such a request can crash an "
        "engine that does.",
    )
    prompt_template: Path | None = Field(
        None, description="The file with the template for prompts with documents. Empty: the built-in template."
    )
    embedding_model: str = Field(
        "all-MiniLM-L6-v2", description="The embedding model of graders that are tried out and compare by meaning (`cosine`)."
    )
    abstention: str = Field(ABSTENTION, min_length=1, description="The answer if a request abstains (`on_empty`).")
    offer_search: bool = Field(
        False,
        description="`true`: the model decides whether to call `file_search`, as with OpenAI. `false`: stores are always searched first.",
    )
    background_running: int = Field(64, ge=1, description="How many responses in the background run at a time.")
    background_lease_seconds: float = Field(
        15, gt=0, description="If a front door dies, how long until another takes over its background responses and file checks."
    )
    max_lora_rank: int = Field(16, ge=1, description="The maximum rank of an adapter; the same as the engine's `--max-lora-rank`.")
    max_adapter_bytes: int = Field(1024**3, ge=1024, description="The maximum size of an imported adapter, packed and unpacked.")
    max_training_length: int = Field(
        2048, ge=16, description="The maximum `max_length` of a fine-tuning job, in tokens; the same as `TRAINING_MAX_LENGTH`."
    )
    sweep_seconds: float = Field(10, gt=0, description="How often workers are notified again of waiting jobs.")
    webhook_private_addresses: bool = Field(
        False,
        description="`true`: webhooks may be sent to any address, also private ones, and with http. `false`: to public https URLs only.",
    )
    webhook_check_seconds: float = Field(2, gt=0, description="How often the front door looks for webhooks to send.")

    @field_validator("prompt_template")
    @classmethod
    def _check_prompt_template(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_file():
            raise ValueError(f"must be a file with a Jinja template that uses `passages` and `question`; there is no file '{value}'")
        return value

    @field_validator("public_url")
    @classmethod
    def _check_public_url(cls, value: str) -> str:
        if value and not (urlsplit(value).scheme in ("http", "https") and urlsplit(value).netloc):
            raise ValueError(f"must be a URL that begins with `http://` or `https://`; got '{value}'")
        return value

    @field_validator("engines", mode="before")
    @classmethod
    def _parse_engines(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value or "{}")
        except ValueError as error:
            raise ValueError(NAMED_URLS) from error

    @field_validator("engines")
    @classmethod
    def _check_engines(cls, value: dict[str, list[str]]) -> dict[str, list[str]]:
        urls = [url for urls in value.values() for url in urls]
        has_names = all(BASE_NAME.fullmatch(name) and urls for name, urls in value.items())
        if not has_names or len(set(urls)) < len(urls) or not all(urlsplit(url).scheme in ("http", "https") for url in urls):
            raise ValueError(f"{NAMED_URLS}, with at least one engine for each base model and no engine twice")
        return value

    @model_validator(mode="after")
    def _check_trainable(self) -> "GenerationSettings":
        served = self.engines or {self.common.served_name: [self.engine_url]}
        if missing := next((name for name in self.common.bases() if name not in served), None):
            setting = "TANDEM_BASE_NAME" if missing == self.common.served_name else "TANDEM_BASE_MODELS"
            raise ValueError(f"GENERATION_ENGINES must have an engine for '{missing}' ({setting}), a model that can be fine-tuned")
        return self

    @property
    def links_url(self) -> str:
        """What links to the front door begin with; empty if nobody knows."""
        if self.public_url or self.host not in LOOPBACK:
            return self.public_url.rstrip("/")
        return f"http://{self.host}:{self.port}"

    def engine_urls(self) -> dict[str, list[str]]:
        """Return the URLs of the engines by base model, first those of the model that is used by default."""
        first = self.common.served_name
        return {first: self.engines[first], **self.engines} if self.engines else {first: [self.engine_url]}

    @property
    def engine_setting(self) -> str:
        """The variable that has the URLs of the engines."""
        return "GENERATION_ENGINES" if self.engines else "GENERATION_ENGINE_URL"
