"""The generation service's settings, read from `GENERATION_…` in the environment."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.settings import JobSettings


class GenerationSettings(BaseSettings):
    """Where the front door listens, where its neighbours are, and its limits."""

    model_config = SettingsConfigDict(env_prefix="GENERATION_", extra="ignore")

    common: JobSettings = Field(default_factory=JobSettings, description="The settings shared with the other processes (`TANDEM_…`).")
    host: str = Field("127.0.0.1", description="Address the front door listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port the front door listens on.")
    engine_url: str = Field("http://127.0.0.1:8002", description="The vLLM engine.")
    engine_seconds: float = Field(600, gt=0, description="Longest wait for the engine's next bytes.")
    retrieval_url: str = Field("http://127.0.0.1:8001", description="The retrieval service.")
    retrieval_seconds: float = Field(60, gt=0, description="Longest wait for retrieval's next bytes.")
    max_body_bytes: int = Field(32 * 1024 * 1024, ge=1024, description="Largest body of a chat or completions call.")
    max_lora_rank: int = Field(16, ge=1, description="Largest adapter rank; the engine's `--max-lora-rank`.")
    sweep_seconds: float = Field(10, gt=0, description="How often workers are told again of jobs that wait.")
