"""What a fine-tuning job will take: parameters, memory, tokens, time and cost, before there is one. An extension of OpenAI's API."""

from typing import Literal

from pydantic import BaseModel, Field

from shared.contracts.comparisons import Prices
from shared.contracts.fine_tuning import Method
from shared.contracts.wire import FileId, Id, Request

Fit = Literal["yes", "slower", "no"]
DeviceType = Literal["cpu", "gpu"]
Precision = Literal["bfloat16", "float32"]


class FineTuningEstimateCreate(Request):
    """Body of `POST /v1/fine_tuning/estimate`: the fields of a job that decide what it takes, and a price sheet.

    Without `training_file`, every example is assumed to have `max_length` tokens, and tokens, time and cost are not known. The
    `validation_file` is checked as for a job, but only together with a training file.
    """

    model: Id
    training_file: FileId | None = None
    validation_file: FileId | None = None
    method: Method = Method()
    prices: Prices | None = Field(None, description="The price sheet of comparisons; only `training_hour` matters.")


class TrainedParameters(BaseModel):
    """How many parameters a method trains. Jobs train `lora`, or `qlora` with `load_in_4bit`; `full` is for comparison."""

    full: int
    lora: int
    qlora: int


class TrainableHere(BaseModel):
    """Which methods a job can use here. `qlora` is true if a running training worker has a GPU and the base model can be in 4 bits."""

    full: bool = False
    lora: bool = True
    qlora: bool = False


class MemoryParts(BaseModel):
    """Bytes of memory. `peak` is the most that is needed at a time: all parts, or, if a batch is computed at once, all but the smaller of
    `gradients` and `activations`. The libraries' memory counts only without a GPU."""

    weights: int
    gradients: int
    optimizer: int
    activations: int
    libraries: int
    peak: int


class MethodsMemory(BaseModel):
    """The memory of a training on a type of device, by method, if `examples_at_a_time` go through the model at a time.

    A batch is split into as many parts as that takes. More examples at a time would need more memory, and save no time.
    """

    device: DeviceType
    dtype: Precision
    examples_at_a_time: int
    full: MemoryParts
    lora: MemoryParts
    qlora: MemoryParts


class MethodsFit(BaseModel):
    """Whether a training fits into free memory: `yes`, `no`, or `slower` (in smaller parts or with activations computed twice).

    `qlora` needs a GPU, so it is `no` on a processor.
    """

    full: Fit
    lora: Fit
    qlora: Fit


class DeviceEstimate(BaseModel):
    """A device that a training worker has now. `free_bytes` is the memory that was free when no training ran.

    `tokens_per_second` is the speed of the last training of this base model on a device with this name, which ended at `measured_at`;
    before the first training, it is the speed of a few steps that the worker has computed for an estimate, and `measured_by` is
    `calibration`. `seconds` and `cost` follow from it, for a LoRA training. `detail` says where they come from, or why they are null.
    """

    name: str
    device: DeviceType
    dtype: Precision
    free_bytes: int
    fits: MethodsFit
    tokens_per_second: float | None
    measured_at: int | None
    measured_by: Literal["training", "calibration"] | None
    seconds: float | None
    cost: float | None
    detail: str


class TokenEstimate(BaseModel):
    """The tokens of the training file, each example cut at `max_length`: in one epoch, and in all. `is_sample`: estimated from a sample.

    A preference pair counts as two chats with the longer answer.
    """

    examples: int
    longest: int
    per_epoch: int
    total: int
    is_sample: bool


class FineTuningEstimate(BaseModel):
    """What a fine-tuning job would take. Nothing is stored or loaded: it follows from the base model's `config.json`.

    `length` is what memory is estimated for: the tokens of the longest example, or `max_length`; for a preference pair, twice as many.
    `n_epochs` is null if it is `auto` and there is no file. `tokens` is null without a file, and if none could be counted: `detail` then
    says why.
    """

    object: Literal["fine_tuning.estimate"] = "fine_tuning.estimate"
    model: str
    base: str
    parameters: int
    trained_parameters: TrainedParameters
    trainable_here: TrainableHere = TrainableHere()
    batch_size: int
    max_length: int
    length: int
    n_epochs: int | None
    tokens: TokenEstimate | None
    memory: list[MethodsMemory]
    devices: list[DeviceEstimate]
    detail: str
