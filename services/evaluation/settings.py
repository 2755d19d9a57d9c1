"""The evaluation worker's settings, read from `EVALUATION_…` in the environment."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.settings import JobSettings


class EvaluationSettings(BaseSettings):
    """How many calls the worker makes at a time, and how long it waits for them."""

    model_config = SettingsConfigDict(env_prefix="EVALUATION_", extra="ignore")

    common: JobSettings = Field(default_factory=JobSettings, description="The settings shared with the other processes (`TANDEM_…`).")
    concurrency: int = Field(16, ge=1, le=256, description="Questions of a comparison that are in flight at the same time.")
    call_seconds: float = Field(300, gt=0, description="Maximum wait for one answer.")
    patience_seconds: float = Field(120, ge=0, description="How long a call is retried if it fails for the moment (429, 503, 504).")
    single_questions: int = Field(10, ge=0, description="Questions that each arm is asked one at a time, for its latency without load.")
    repeated_questions: int = Field(10, ge=0, description="Questions that each arm is asked twice, to see how often its answers change.")
