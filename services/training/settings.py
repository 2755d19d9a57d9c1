"""The training worker's settings, read from `TRAINING_…` in the environment."""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.settings import JobSettings


class TrainingSettings(BaseSettings):
    """Where the worker keeps its files, what it refuses, and how long it waits. An empty variable is one that is not set."""

    model_config = SettingsConfigDict(env_prefix="TRAINING_", extra="ignore", env_ignore_empty=True)

    common: JobSettings = Field(default_factory=JobSettings, description="The settings shared with the other processes (`TANDEM_…`).")
    work: Path | None = Field(None, description="Folder for the files of running jobs; default: `training` in the data folder.")
    max_lora_rank: int = Field(16, ge=1, description="Highest rank of an adapter; must equal the engine's `--max-lora-rank`.")
    max_length: int = Field(2048, ge=16, description="Maximum tokens of a training example; a longer one is truncated, with a warning.")
    checkpoint_seconds: float = Field(30, gt=0, description="Seconds between checkpoints: at most this much work is lost if a worker dies.")
    keep_failed_days: float = Field(
        3,
        ge=0,
        le=3650,
        description="Days that a failed job's last checkpoint is kept, so that a retry continues from it. `0`: it is not kept.",
    )
    patience_seconds: float = Field(60, ge=0, description="How long a call is retried if another service does not respond.")
    probes: int = Field(4, ge=1, le=32, description="Number of training prompts used to compare the published adapter with its base model.")
    max_jobs_per_project: int | None = Field(
        None, ge=1, description="Jobs of a project that run at the same time, on all workers. Empty: as many as there are workers."
    )
    max_jobs_per_device: int | None = Field(
        None,
        ge=1,
        description="Jobs that run at the same time on one device, if several workers share it. Empty: as many as there are workers.",
    )
    device: str = Field(
        "",
        max_length=128,
        description="The device's name; workers with the same name share the device. "
        "Empty: the host's name, with `cpu` or the GPUs' numbers.",
    )
    result_format: Literal["csv", "base64"] = Field(
        "csv",
        description="How the metrics of a job's steps are stored: `csv`, or `base64` for scripts that decode them, as OpenAI's must be.",
    )
    gpu: str = Field(
        "",
        pattern=r"^[A-Za-z0-9/-]*(,[A-Za-z0-9/-]+)*$",
        description="The worker's GPUs, which train a job together: numbers in `nvidia-smi`, or UUIDs, with commas between them. "
        "Empty: those of `CUDA_VISIBLE_DEVICES`, or number 0.",
    )
    processes: int | None = Field(
        None,
        ge=1,
        le=64,
        description="Processes that train a job together, each on its own GPU. Empty: one for each GPU of the worker; one without a GPU.",
    )
    parallelism: Literal["ddp", "fsdp"] = Field(
        "ddp",
        description="How several processes train a job: with `ddp`, each has the whole base model. With `fsdp`, they share its weights, "
        "which takes longer, for base models that are too large for one GPU.",
    )
    gpu_sharing: Literal["off", "wait", "sleep"] = Field(
        "off",
        description="If other programs use the GPU too: `off` starts a training at once, `wait` once the memory that it needs is free. "
        "`sleep` is like `wait`, and the engine sleeps until the training ends.",
    )
    engine_url: str = Field(
        "http://127.0.0.1:8002",
        description="With `TRAINING_GPU_SHARING=sleep`: the URL of the engine on this worker's GPU, as in the front door's settings.",
    )

    @property
    def work_folder(self) -> Path:
        """The folder for the files of running jobs."""
        return (self.work or self.common.data / "training").absolute()
