"""Fine-tuning jobs and their events."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from shared.contracts.wire import Metadata, Request

JobStatus = Literal["validating_files", "queued", "running", "succeeded", "failed", "cancelled"]
Auto = Literal["auto"]


class Hyperparameters(Request):
    """OpenAI's three. `auto` leaves the choice to the trainer; the learning rate is the multiplier times 1e-4."""

    n_epochs: Auto | Annotated[int, Field(ge=1, le=50)] = "auto"
    batch_size: Auto | Annotated[int, Field(ge=1, le=256)] = "auto"
    learning_rate_multiplier: Auto | Annotated[float, Field(gt=0, le=100)] = "auto"


class LoraOptions(Request):
    """Extension: shape of the adapter (Hu et al. 2021): rank `r`, scale `alpha / r`, dropout."""

    rank: int = Field(16, ge=1, le=256)
    alpha: float | None = Field(None, gt=0, description="Default: twice the rank.")
    dropout: float = Field(0.0, ge=0, lt=1)


class SupervisedMethod(Request):
    """Hyperparameters of supervised fine-tuning. Extension: `lora`."""

    hyperparameters: Hyperparameters = Hyperparameters()
    lora: LoraOptions = LoraOptions()


class Method(Request):
    """How to fine-tune. So far `supervised`."""

    type: Literal["supervised"] = "supervised"
    supervised: SupervisedMethod = SupervisedMethod()


class FineTuningJobCreate(Request):
    """Body of `POST /v1/fine_tuning/jobs`."""

    model: str
    training_file: str
    validation_file: str | None = None
    suffix: str | None = Field(None, pattern=r"^[A-Za-z0-9_-]{1,64}$")
    seed: int | None = Field(None, ge=0, le=2**31 - 1)
    hyperparameters: Hyperparameters | None = Field(None, description="Deprecated by OpenAI in favour of `method`.")
    method: Method | None = None
    metadata: Metadata | None = None


class JobError(BaseModel):
    """Why a job failed."""

    code: str
    message: str
    param: str | None = None


class Probe(BaseModel):
    """Whether the served adapter answers differently from its base.

    `differs`: it does; `same`: every stored probe got the base model's answer, so the training shows no effect; `not_run`: see detail.
    """

    status: Literal["differs", "same", "not_run"]
    detail: str


class FineTuningJob(BaseModel):
    """A fine-tuning job. Extensions: `stage`, `percent` (0-100), `probe`, `metrics`."""

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
    integrations: list[Any] = []
    metadata: Metadata | None = None
    stage: str
    percent: float
    probe: Probe | None = None
    metrics: dict[str, Any] | None = None


class FineTuningJobEvent(BaseModel):
    """Something that happened to a job. `data` of a `metrics` event: step, total_steps, train_loss, percent, seconds_left."""

    id: str
    object: Literal["fine_tuning.job.event"] = "fine_tuning.job.event"
    created_at: int
    level: Literal["info", "warn", "error"]
    message: str
    type: Literal["message", "metrics"] = "message"
    data: dict[str, Any] | None = None


class TrainingSpec(BaseModel):
    """A fine-tuning job's `spec` in the database: what generation asks of training. `seed` is fixed when the job is made."""

    model: str
    training_file: str
    validation_file: str | None
    suffix: str | None
    seed: int
    method: Method
    metadata: Metadata | None = None


class TrainingResult(BaseModel):
    """A succeeded fine-tuning job's `result` in the database."""

    fine_tuned_model: str
    trained_tokens: int
    probe: Probe
    metrics: dict[str, Any]
