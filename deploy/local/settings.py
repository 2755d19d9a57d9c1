"""The settings of the local stack, and those of the services that it checks. All are read from the environment here."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.evaluation.settings import EvaluationSettings
from services.generation.settings import GenerationSettings
from services.retrieval.settings import RetrievalSettings
from services.training.settings import TrainingSettings
from shared.settings import JobSettings, read_settings

ROOT = Path(__file__).resolve().parents[2]


class StackSettings(BaseSettings):
    """The settings that only the local stack uses."""

    model_config = SettingsConfigDict(env_prefix="TANDEM_", extra="ignore", env_ignore_empty=True)

    broker_port: int = Field(8003, ge=1, le=65535, description="Port of the stack's own broker (Valkey).")
    device: Literal["auto", "cpu", "gpu"] = Field("auto", description="`cpu` or `gpu`; `auto`: a GPU if `nvidia-smi` lists one.")


class EngineSettings(BaseSettings):
    """How the local stack runs its engine (vLLM)."""

    model_config = SettingsConfigDict(env_prefix="TANDEM_ENGINE_", extra="ignore")  # an empty parser means none

    port: int = Field(8002, ge=1, le=65535, description="Port of the stack's own engine.")
    max_model_len: int = Field(2048, ge=64, description="Longest prompt and answer together, in tokens.")
    max_lora_rank: int = Field(16, ge=1, le=512, description="Largest rank of an adapter, in training and in the engine.")
    max_loras: int = Field(4, ge=1, description="Adapters that may be in one batch.")
    cache_gib: int = Field(1, ge=1, description="Without a GPU: memory of the key-value cache, in GiB.")
    gpu_share: float = Field(0.4, gt=0, lt=1, description="With a GPU: the engine's share of its memory; training needs the rest.")
    dtype: Literal["auto", "bfloat16", "float16", "float32"] = Field(
        "auto", description="Precision of the engine; `auto`: bfloat16, but float32 on a CPU that would have to emulate it."
    )
    threads: str = Field(
        "",
        description="Without a GPU: its cores, such as `0-3` (`VLLM_CPU_OMP_THREADS_BIND`); empty: all, or all but one of more than four.",
    )
    log_level: str = Field("INFO", description="Lowest level in the engine's log file; the terminal shows errors only.")
    tool_call_parser: str = Field(
        "hermes",
        pattern=r"^[a-z0-9_]*$",
        description="vLLM's tool call parser for the model, such as `hermes` for SmolLM2 and Qwen; empty: none.",
    )
    options: str = Field("", description="Further command-line options of the engine.")


@dataclass(frozen=True)
class Settings:
    """The settings of the stack and its services, as the processes will read them."""

    stack: StackSettings
    engine: EngineSettings
    jobs: JobSettings
    retrieval: RetrievalSettings
    generation: GenerationSettings
    training: TrainingSettings

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.jobs.data.absolute()


def read() -> Settings:
    """Read all settings. If one is not valid, exit with a message that names it, before anything starts."""
    read_settings(EvaluationSettings)
    return Settings(
        stack=read_settings(StackSettings),
        engine=read_settings(EngineSettings),
        jobs=read_settings(JobSettings),
        retrieval=read_settings(RetrievalSettings),
        generation=read_settings(GenerationSettings),
        training=read_settings(TrainingSettings),
    )
