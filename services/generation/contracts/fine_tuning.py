"""Fine-tuning jobs, their events and their checkpoints, in OpenAI's shapes."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field

from shared.contracts.fine_tuning import Hyperparameters, JobError, Method, Probe
from shared.contracts.integrations import Integration, Integrations
from shared.contracts.training_effect import TrainingEffect
from shared.contracts.wire import FileId, Id, Metadata, Request

JobStatus = Literal["validating_files", "queued", "running", "paused", "succeeded", "failed", "cancelled"]

Suffix = Annotated[
    str, Field(min_length=1, max_length=64, description="Part of the model's name, in which only letters, digits, `-` and `_` are kept.")
]
Seed = Annotated[int, Field(ge=0, le=2**31 - 1)]
Priority = Literal["low", "normal", "high"]
DeviceType = Literal["auto", "cpu", "gpu"]
PRIORITY = "The order of a project's waiting jobs. It does not put one project ahead of another."
DEVICE = "The devices that the job may run on. `auto` means any; with `cpu` or `gpu`, the job waits for a worker with such a device."


class FineTuningJobCreate(Request):
    """Body of `POST /v1/fine_tuning/jobs`."""

    model: Id
    training_file: FileId
    validation_file: FileId | None = None
    suffix: Suffix | None = None
    seed: Seed | None = None
    hyperparameters: Hyperparameters | None = Field(None, description="Deprecated by OpenAI in favor of `method`.")
    method: Method | None = None
    metadata: Metadata | None = None
    integrations: Integrations | None = Field(
        None, description="The experiment trackers that the job is reported to. Extension: the type `mlflow`."
    )
    priority: Priority = Field("normal", description=f"Extension. {PRIORITY}")
    device: DeviceType = Field("auto", description=f"Extension. {DEVICE}")


class FineTuningJobRetry(Request):
    """Body of `POST /v1/fine_tuning/jobs/{job_id}/retry`: what to change in the new job."""

    method: Method | None = Field(None, description="By default, the method that was requested for the old job.")
    suffix: Suffix | None = None
    seed: Seed | None = None
    metadata: Metadata | None = None
    integrations: Integrations | None = Field(None, description="By default, those of the old job.")
    priority: Priority | None = Field(None, description=f"{PRIORITY} By default, that of the old job.")
    device: DeviceType | None = Field(None, description=f"{DEVICE} By default, that of the old job.")


class FineTuningJob(BaseModel):
    """A fine-tuning job.

    Extensions: `stage`, `percent` (0-100), `probe`, `metrics`, `effect`, `priority`, `device`, and `retry_of`, the job that this one
    repeats. `stage` is `waiting_for_project` or `waiting_for_device` while a job waits because of a limit that the operator has set, and
    `waiting_for_memory` while it waits for free GPU memory.

    `hyperparameters`, and those in `method`, are `auto` until the worker has read the files, and then what it trains with.
    `usage_metrics` is always null: OpenAI has it for reinforcement fine-tuning only.
    `result_files` has the metrics of the steps: a CSV file, then an event file for TensorBoard.
    """

    id: str
    object: Literal["fine_tuning.job"] = "fine_tuning.job"
    created_at: int
    finished_at: int | None
    model: str
    fine_tuned_model: str | None
    organization_id: str
    status: JobStatus
    training_file: str
    validation_file: str | None
    hyperparameters: Hyperparameters
    method: Method
    seed: int
    trained_tokens: int | None
    result_files: list[str] = []
    error: JobError | None
    estimated_finish: int | None = None
    integrations: list[Integration] = []
    metadata: Metadata | None = None
    user_provided_suffix: str | None = None
    usage_metrics: dict[str, Any] | None = None
    stage: str
    percent: float
    probe: Probe | None = None
    metrics: dict[str, Any] | None = None
    effect: TrainingEffect | None = None
    retry_of: str | None = None
    priority: Priority = "normal"
    device: DeviceType = "auto"


class FineTuningJobEvent(BaseModel):
    """Something that happened to a job.

    The `data` of a `metrics` event has `step` and `total_steps`, and those of `train_loss`, `train_mean_token_accuracy`, `valid_loss`,
    `full_valid_loss`, `valid_mean_token_accuracy` and `full_valid_mean_token_accuracy` that were measured at the step. Validation always
    reads the whole file, so both of its losses are the same. Extensions: `percent`, `seconds_left`, `tokens_per_second`,
    `peak_memory_bytes`, `learning_rate` and `grad_norm`. With the method `dpo`, there is no token accuracy. Instead, there are
    `train_reward_accuracy` and `valid_reward_accuracy`, the share of pairs in which the preferred answer has the higher reward, and
    `train_reward_margin` and `valid_reward_margin`, how much higher it is on average.
    """

    id: str
    object: Literal["fine_tuning.job.event"] = "fine_tuning.job.event"
    created_at: int
    level: Literal["info", "warn", "error"]
    message: str
    type: Literal["message", "metrics"] = "message"
    data: Annotated[dict[str, Any], BeforeValidator(lambda data: data or {})] = {}


class CheckpointMetrics(BaseModel):
    """What was measured at a step. Validation always reads the whole file, so its two losses are the same, as are its two accuracies."""

    step: int
    train_loss: float | None = None
    train_mean_token_accuracy: float | None = None
    valid_loss: float | None = None
    valid_mean_token_accuracy: float | None = None
    full_valid_loss: float | None = None
    full_valid_mean_token_accuracy: float | None = None


class SampleAnswer(BaseModel):
    """A checkpoint's answer to a prompt of the validation file, or of the training file if there is no validation file.

    The model always takes the most probable token. `expected` is the answer in the file. Both are cut after 40 tokens.
    """

    prompt: str
    expected: str
    answer: str
    finish_reason: Literal["stop", "length"]


class FineTuningJobCheckpoint(BaseModel):
    """The model after one of the last epochs of a job, or after the best. `fine_tuned_model_checkpoint` is its name; use it as `model`.

    `answers`, an extension, has its answers to sample prompts.
    """

    id: str
    object: Literal["fine_tuning.job.checkpoint"] = "fine_tuning.job.checkpoint"
    created_at: int
    fine_tuned_model_checkpoint: str
    fine_tuning_job_id: str
    step_number: int
    metrics: CheckpointMetrics
    answers: list[SampleAnswer] = []
