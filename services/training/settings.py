"""The training worker's settings, read from `TRAINING_…` in the environment."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.settings import JobSettings


class TrainingSettings(BaseSettings):
    """Where the worker works, what it refuses, and how long it waits."""

    model_config = SettingsConfigDict(env_prefix="TRAINING_", extra="ignore")

    common: JobSettings = Field(default_factory=JobSettings, description="The settings shared with the other processes (`TANDEM_…`).")
    work: Path | None = Field(None, description="Folder of the jobs being worked on; empty: `training` in the data folder.")
    max_lora_rank: int = Field(16, ge=1, description="Highest rank of an adapter; must be the engine's `--max-lora-rank`.")
    max_length: int = Field(2048, ge=16, description="Longest training example in tokens; what is beyond it is cut off, with a warning.")
    checkpoint_seconds: float = Field(30, gt=0, description="Time between checkpoints: what a worker that dies loses at most.")
    patience_seconds: float = Field(60, ge=0, description="How long a neighbour that does not answer is tried again.")
    probes: int = Field(4, ge=1, le=32, description="Training prompts on which the published adapter is compared with its base.")

    @property
    def work_folder(self) -> Path:
        """The folder of the jobs being worked on."""
        return (self.work or self.common.data / "training").absolute()
