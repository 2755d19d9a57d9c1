"""Fine-tuning jobs and their events."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails

from shared.contracts.wire import Metadata, Request
from shared.errors import InvalidDataset

Auto = Literal["auto"]
OTHER_METHODS = {"dpo": "fine-tuning on preferences (DPO)", "reinforcement": "reinforcement fine-tuning"}


class Hyperparameters(Request):
    """OpenAI's hyperparameters. With `auto` the trainer chooses. The learning rate is the multiplier times 1e-4."""

    n_epochs: Auto | Annotated[int, Field(ge=1, le=50)] = "auto"
    batch_size: Auto | Annotated[int, Field(ge=1, le=256)] = "auto"
    learning_rate_multiplier: Auto | Annotated[float, Field(gt=0)] = "auto"


class LoraOptions(Request):
    """Extension: the shape of the adapter (Hu et al. 2021): rank `r`, scale `alpha / r`, dropout."""

    rank: int = Field(16, ge=1, le=256)
    alpha: float | None = Field(None, gt=0, description="Default: twice the rank.")
    dropout: float = Field(0.0, ge=0, lt=1)


class SupervisedMethod(Request):
    """Hyperparameters of supervised fine-tuning. Extension: `lora`."""

    hyperparameters: Hyperparameters = Hyperparameters()
    lora: LoraOptions = LoraOptions()


class Method(Request):
    """How to fine-tune. Only `supervised` is supported."""

    type: Literal["supervised"] = "supervised"
    supervised: SupervisedMethod = SupervisedMethod()

    @model_validator(mode="before")
    @classmethod
    def _refuse_other_methods(cls, data: Any) -> Any:
        """Say in the error that one of OpenAI's methods is not supported, before its own field is called unknown."""
        value = data.get("type") if isinstance(data, dict) else None
        if name := OTHER_METHODS.get(str(value)):
            problem = {"error": ValueError(f"must be 'supervised'; {name} is not supported")}
            details = InitErrorDetails(type="value_error", loc=("type",), input=value, ctx=problem)
            raise ValidationError.from_exception_data(cls.__name__, [details])
        return data


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


class TrainingSpec(BaseModel):
    """A fine-tuning job's `spec` in the database: generation's request to training. `seed` is fixed when the job is created.

    `suffix` is what the caller sent, made safe for a name. The trainer replaces every `auto` in `method` by its choice.
    """

    model: str
    training_file: str
    validation_file: str | None
    suffix: str | None
    seed: int
    method: Method
    metadata: Metadata | None = None
    user_provided_suffix: str | None = None


class TrainingResult(BaseModel):
    """A succeeded fine-tuning job's `result` in the database."""

    fine_tuned_model: str
    trained_tokens: int
    probe: Probe
    metrics: dict[str, Any]
    result_files: list[str] = []


def name_dataset_error(error: InvalidDataset) -> str:
    """Return OpenAI's code for a training or validation file that cannot be used."""
    return f"invalid_{error.param}" if error.line else "invalid_n_examples"
