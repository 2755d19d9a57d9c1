"""Fine-tuning jobs and their events."""

from collections.abc import Collection
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, Field, ValidationError, field_serializer, field_validator, model_validator
from pydantic_core import InitErrorDetails

from shared.contracts.integrations import Integration
from shared.contracts.training_effect import TrainingEffect
from shared.contracts.wire import Metadata, Request
from shared.errors import InvalidDataset, InvalidRequest

Auto = Literal["auto"]
ALL_LINEAR: Literal["all-linear"] = "all-linear"  # PEFT's word for every linear layer but the output layer
RSLORA_ALPHA = 8.0
MAX_MODULES = 32
ModuleName = Annotated[str, Field(min_length=1, max_length=64)]
MethodType = Literal["supervised", "dpo"]


class Hyperparameters(Request):
    """OpenAI's hyperparameters, then extensions with the names that TRL has for them.

    With `auto` the trainer chooses. The learning rate is the multiplier times 1e-4.
    """

    field: ClassVar[str] = "method.supervised.hyperparameters"
    """Where they are in a request."""

    n_epochs: Auto | Annotated[int, Field(ge=1, le=50)] = "auto"
    batch_size: Auto | Annotated[int, Field(ge=1, le=256)] = "auto"
    learning_rate_multiplier: Auto | Annotated[float, Field(gt=0)] = "auto"
    lr_scheduler_type: Literal["linear", "cosine", "constant"] = Field(
        "linear", description="After the warm-up, the learning rate falls to 0, linearly or along a cosine, or stays constant."
    )
    warmup_ratio: float = Field(0.05, ge=0, le=0.5, description="Share of the steps in which the learning rate rises from 0.")
    warmup_steps: Auto | Annotated[int, Field(ge=0, le=100_000)] = Field("auto", description="A number replaces `warmup_ratio`.")
    weight_decay: float = Field(0.0, ge=0, le=1, description="AdamW's decoupled weight decay.")
    gradient_accumulation_steps: int = Field(
        1, ge=1, le=256, description="A batch of `batch_size` examples is computed in at least this many parts; in more if memory is short."
    )
    max_length: Auto | Annotated[int, Field(ge=16, le=131_072)] = Field("auto", description="Tokens after which an example is truncated.")
    early_stopping_patience: int | None = Field(
        None,
        ge=1,
        le=50,
        description="The training ends after this many epochs in a row without a lower validation loss. It needs a `validation_file`.",
    )
    early_stopping_threshold: float = Field(
        0.0, ge=0, description="The loss must fall by more than this to count as lower for `early_stopping_patience`."
    )
    packing: bool = Field(False, description="Several examples share a row of tokens, without seeing each other, instead of being padded.")


class DpoHyperparameters(Hyperparameters):
    """Hyperparameters of direct preference optimization: `beta`, and those of supervised fine-tuning."""

    field: ClassVar[str] = "method.dpo.hyperparameters"

    beta: Auto | Annotated[float, Field(gt=0, le=2)] = Field(
        "auto", description="How close the model is kept to the one that the training starts from."
    )


class LoraOptions(Request):
    """Extension: the shape of the adapter (Hu et al. 2021): rank `r`, scale `alpha / r`, dropout, and the layers that get one.

    With `use_rslora`, the scale is `alpha / sqrt(r)` (Kalajdzievski 2023, arXiv:2312.03732), which lets higher ranks learn more.
    `load_in_4bit` is named as in TRL.
    """

    rank: int = Field(16, ge=1, le=256)
    alpha: float | None = Field(None, gt=0, description="Default: twice the rank, or 8 with `use_rslora`: the same scale at rank 16.")
    dropout: float = Field(0.0, ge=0, lt=1)
    use_rslora: bool = False
    target_modules: Literal["all-linear"] | Annotated[list[ModuleName], Field(min_length=1, max_length=MAX_MODULES)] = Field(
        ALL_LINEAR, description="The linear layers that are adapted, by the last part of their names (`q_proj`)."
    )
    load_in_4bit: bool = Field(
        False,
        description="Keep the base model in 4 bits (NF4) while the adapter is trained, which takes less memory (QLoRA). This needs a GPU.",
    )

    @field_validator("target_modules", mode="before")
    @classmethod
    def _check_names(cls, value: Any) -> Any:
        """Refuse, in one sentence, what pydantic would describe for each of the two forms."""
        is_list = isinstance(value, list) and 1 <= len(value) <= MAX_MODULES and all(isinstance(name, str) for name in value)
        if not is_list and value != ALL_LINEAR:
            raise ValueError(f"must be '{ALL_LINEAR}' or a list of 1 to {MAX_MODULES} names of layers, such as 'q_proj'")
        return value

    @property
    def chosen_alpha(self) -> float:
        """`alpha`, or its default."""
        return self.alpha or (RSLORA_ALPHA if self.use_rslora else 2.0 * self.rank)


class SupervisedMethod(Request):
    """Hyperparameters of supervised fine-tuning. Extension: `lora`."""

    hyperparameters: Hyperparameters = Hyperparameters()
    lora: LoraOptions = LoraOptions()


class DpoMethod(Request):
    """Hyperparameters of direct preference optimization. Extension: `lora`."""

    hyperparameters: DpoHyperparameters = DpoHyperparameters()
    lora: LoraOptions = LoraOptions()


def refuse_reinforcement(model: type[BaseModel], data: Any) -> Any:
    """Return a `method` without `reinforcement`, if that is null, as it is in a job. `model` is the class that `data` should become.

    Raises:
        ValidationError: if the method is OpenAI's reinforcement fine-tuning, before its own field is called unknown.
    """
    if not isinstance(data, dict):
        return data
    if data.get("type") == "reinforcement":
        field, problem = "type", "must be 'supervised' or 'dpo'; reinforcement fine-tuning is not supported"
    elif data.get("reinforcement") is not None:
        field, problem = "reinforcement", "cannot be used, because reinforcement fine-tuning is not supported; use 'supervised' or 'dpo'"
    else:
        return {name: value for name, value in data.items() if name != "reinforcement"}
    details = InitErrorDetails(type="value_error", loc=(field,), input=data[field], ctx={"error": ValueError(problem)})
    raise ValidationError.from_exception_data(model.__name__, [details])


class Method(Request):
    """How to fine-tune: on the answers of chats (`supervised`), or on pairs of a preferred and another answer (`dpo`)."""

    type: MethodType = "supervised"
    supervised: SupervisedMethod | None = None
    dpo: DpoMethod | None = None

    @property
    def options(self) -> SupervisedMethod | DpoMethod:
        """The options of the method's type."""
        return (self.dpo or DpoMethod()) if self.type == "dpo" else (self.supervised or SupervisedMethod())

    @property
    def lora_field(self) -> str:
        """Where the adapter's options are in a request."""
        return f"method.{self.type}.lora"

    def with_options(self, **changes: Any) -> "Method":
        """Return the method with other `hyperparameters` or another `lora`."""
        return self.model_copy(update={self.type: self.options.model_copy(update=changes)})

    @model_validator(mode="before")
    @classmethod
    def _refuse_other_methods(cls, data: Any) -> Any:
        return refuse_reinforcement(cls, data)

    @model_validator(mode="after")
    def _keep_one(self) -> Self:
        """Refuse the options of the other type, and fill in the method's own, so that a job shows its defaults."""
        other = "supervised" if self.type == "dpo" else "dpo"
        if getattr(self, other) is not None:
            problem = {"error": ValueError(f"must be left out if 'method.type' is '{self.type}'")}
            details = InitErrorDetails(type="value_error", loc=(other,), input=getattr(self, other), ctx=problem)
            raise ValidationError.from_exception_data(type(self).__name__, [details])
        if getattr(self, self.type) is None:
            setattr(self, self.type, self.options)
        return self


class JobError(BaseModel):
    """Why a job failed."""

    code: str
    message: str
    param: str | None = None


class LogProbabilityChange(BaseModel):
    """How much an adapter changes the log-probabilities of tokens that it was trained on, and how much rounding does.

    `difference` is the mean distance between the adapter and the model that the training started from (the job's `model`), in nats per
    token. `noise` is the one between the base model and an adapter that changes nothing (its matrix B is zero), which computes the prompt
    first and then the answer.
    """

    difference: float
    noise: float


class Probe(BaseModel):
    """Whether the adapter differs from the model that the training started from: the base model, or the fine-tuned model that it continued.

    `differs`: the served adapter answers a training prompt differently, or it changes log-probabilities by more than 3 times the noise;
    `same`: neither, so the training shows no effect; `not_run`: see `detail`. `log_probabilities` is null if they were not measured.
    """

    status: Literal["differs", "same", "not_run"]
    detail: str
    log_probabilities: LogProbabilityChange | None = None


class TrainingSpec(BaseModel):
    """A fine-tuning job's `spec` in the database: generation's request to training. `seed` is fixed when the job is created.

    `suffix` is what the caller sent, made safe for a name. The trainer replaces every `auto` in `method` by its choice;
    `requested_method` keeps what the caller sent. `retry_of` is the id of the job that this one repeats.
    """

    model: str
    training_file: str
    validation_file: str | None
    suffix: str | None
    seed: int
    method: Method
    metadata: Metadata | None = None
    user_provided_suffix: str | None = None
    requested_method: Method | None = None
    retry_of: str | None = None
    integrations: list[Integration] = []

    @field_serializer("requested_method")
    def _keep_what_was_sent(self, method: Method | None) -> dict[str, Any] | None:
        """Leave the defaults out: a retry must not ask for what the caller left to the service."""
        return method.model_dump(exclude_unset=True) if method else None


class TrainingResult(BaseModel):
    """A succeeded fine-tuning job's `result` in the database."""

    fine_tuned_model: str
    trained_tokens: int
    probe: Probe
    metrics: dict[str, Any]
    effect: TrainingEffect | None = None
    result_files: list[str] = []


def name_dataset_error(error: InvalidDataset) -> str:
    """Return OpenAI's code for a training or validation file that cannot be used."""
    return f"invalid_{error.param}" if error.line else "invalid_n_examples"


def check_warmup(requested: Hyperparameters, total_steps: int) -> None:
    """Check that the learning rate gets to its height before the training ends. Raises InvalidRequest if not."""
    if requested.warmup_steps != "auto" and requested.warmup_steps >= total_steps:
        param = f"{requested.field}.warmup_steps"
        problem = f"'{param}' must be less than the {total_steps} steps of this training; got {requested.warmup_steps}."
        raise InvalidRequest(problem, param=param, code="warmup_too_long")


def check_early_stopping(requested: Hyperparameters, validation_file: str | None) -> None:
    """Check that early stopping has what it needs. Raises InvalidRequest if not."""
    patience, threshold = (f"{requested.field}.early_stopping_{name}" for name in ("patience", "threshold"))
    if requested.early_stopping_patience is None:
        if requested.early_stopping_threshold:
            problem = f"'{threshold}' has no effect without 'early_stopping_patience'. Set 'early_stopping_patience', or leave it out."
            raise InvalidRequest(problem, param=threshold)
    elif validation_file is None:
        problem = f"'{patience}' needs a 'validation_file', because the loss on that file is compared. Add one, or leave it out."
        raise InvalidRequest(problem, param=patience)


def check_packing(requested: Hyperparameters) -> None:
    """Check that what is trained can be packed. Raises InvalidRequest if not."""
    if requested.packing and isinstance(requested, DpoHyperparameters):
        param = f"{requested.field}.packing"
        raise InvalidRequest(f"'{param}' must be false, because preference pairs are not packed. Leave it out.", param=param)


def check_target_modules(method: Method, base: str, known: Collection[str]) -> None:
    """Check that the base model has every layer in `target_modules`; `known` are the last parts of the names of its linear layers.

    Nothing is checked if `known` is empty, because the model's files cannot be read here.

    Raises:
        InvalidRequest: if it has not. PEFT would leave such a layer out without a word.
    """
    lora = method.options.lora
    if not known or lora.target_modules == ALL_LINEAR:
        return
    param = f"{method.lora_field}.target_modules"
    if unknown := next((name for name in lora.target_modules if name not in known), None):
        problem = f"'{param}' names '{unknown}', but '{base}' has no such linear layer. It has: {', '.join(sorted(known))}."
        raise InvalidRequest(problem, param=param, code="target_module_not_found")
