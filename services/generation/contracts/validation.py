"""What is wrong with the files of a fine-tuning job, before there is one. An extension of OpenAI's API."""

from typing import Any, Literal

from pydantic import BaseModel, Field, model_validator

from shared.contracts.fine_tuning import MethodType, refuse_reinforcement
from shared.contracts.wire import FileId, Id, JsonObject, Request
from shared.datasets.checks.warn import WarningCode
from shared.datasets.examples.formats import FormatName


class MethodChoice(Request):
    """The `method` of a fine-tuning job. Only its `type` and the `max_length` of its hyperparameters matter here."""

    type: MethodType = "supervised"
    supervised: JsonObject | None = None
    dpo: JsonObject | None = None

    @property
    def max_length(self) -> int | None:
        """The `max_length` of the hyperparameters; None if it is no positive integer, such as `auto`."""
        hyperparameters = ((self.dpo if self.type == "dpo" else self.supervised) or {}).get("hyperparameters")
        length = hyperparameters.get("max_length") if isinstance(hyperparameters, dict) else None
        return length if type(length) is int and length > 0 else None

    @model_validator(mode="before")
    @classmethod
    def _refuse_other_methods(cls, data: Any) -> Any:
        return refuse_reinforcement(cls, data)


class FineTuningValidationCreate(Request):
    """Body of `POST /v1/fine_tuning/validate`. With `stream`, the response is a stream of events.

    With `model`, the engine counts the tokens of the examples.
    """

    training_file: FileId
    validation_file: FileId | None = None
    model: Id | None = None
    method: MethodChoice = MethodChoice()
    stream: bool = False


class FileProblem(BaseModel):
    """Something that prevents training. `line` is null if it is about the file, `field` if it is about the whole line.

    `code` is `invalid_encoding`, `invalid_json`, `invalid_value`, `invalid_file_format` (the rest of the file cannot be read),
    `invalid_n_examples`, `not_supported` (valid for OpenAI, but it cannot be trained here), or `chat_template` (the model's chat template
    refuses the example, or does not show its tools).
    """

    line: int | None
    field: str | None
    code: str
    message: str


class FileWarning(BaseModel):
    """Something that does not prevent training. `lines` are the first ten."""

    code: WarningCode
    message: str
    lines: list[int]


class LengthBucket(BaseModel):
    """How many examples have from `minimum` to `maximum` characters or tokens, both included."""

    minimum: int
    maximum: int
    examples: int


class ExampleLengths(BaseModel):
    """The lengths of the examples in characters, of all messages together. The buckets double."""

    unit: Literal["characters"] = "characters"
    shortest: int
    mean: float
    longest: int
    longest_line: int
    histogram: list[LengthBucket]


class TokenPercentiles(BaseModel):
    """The tokens that 50, 90, 95 and 99% of the examples do not exceed."""

    p50: int
    p90: int
    p95: int
    p99: int


class CountedLine(BaseModel):
    """The tokens of the example in a line."""

    line: int
    tokens: int


class TokenAdvice(BaseModel):
    """A `max_length` for the job, and why. It truncates none of the counted examples, unless some are longer than the limits."""

    max_length: int
    message: str


class ExampleTokens(BaseModel):
    """The tokens of the examples, according to the tokenizer and the chat template of the model's engine.

    Of a large file, a sample is counted; `is_sample` is then true. `histogram` and `percentiles` are of `sampled` examples, spread evenly
    over the file. `total`, `mean`, `longer_than_window` and `longer_than_max_length` are estimates from these and are about all
    `examples`. `shortest`, `longest` and `longest_examples` are of the `counted` ones, which also include the ten with the most
    characters. Of a preference pair, the longer answer counts.

    `window` is the most tokens that the engine takes, `max_length` the most that are trained: a longer example is truncated. `trained` is
    the total of what is left then.
    """

    unit: Literal["tokens"] = "tokens"
    model: str
    is_sample: bool
    examples: int
    counted: int
    sampled: int
    total: int
    trained: int
    shortest: int
    mean: float
    longest: int
    longest_examples: list[CountedLine]
    percentiles: TokenPercentiles
    histogram: list[LengthBucket]
    window: int
    longer_than_window: int
    max_length: int
    longer_than_max_length: int
    advice: TokenAdvice


class FileValidation(BaseModel):
    """What was found in a file. `problems` has the first 100 of `num_problems`.

    If `complete` is false, the last problem prevents reading the rest. `format` is null if no line is valid. `messages` counts the messages
    by role, as they are trained; `lengths` is null without examples. `tokens` is null without `model`, and if no tokens could be counted:
    the warning `tokens_not_counted`, or problems with the code `chat_template`, then say why.
    """

    id: str
    filename: str
    bytes: int
    valid: bool
    complete: bool
    format: FormatName | None
    examples: int
    wrong_lines: int
    messages: dict[str, int]
    num_problems: int
    problems: list[FileProblem]
    warnings: list[FileWarning]
    lengths: ExampleLengths | None
    tokens: ExampleTokens | None


class FineTuningValidation(BaseModel):
    """What was found in the files of a fine-tuning job. It is valid if both files are. Nothing is stored."""

    object: Literal["fine_tuning.validation"] = "fine_tuning.validation"
    valid: bool
    training_file: FileValidation
    validation_file: FileValidation | None
    seconds: float = Field(description="How long the check took.")


class ValidationProgress(BaseModel):
    """How far the check is: bytes of both files together, and lines and problems of the file that is being read.

    After the files are read, `examples_counted` examples of a file have had their tokens counted.
    """

    file: Literal["training_file", "validation_file"]
    percent: float
    bytes_read: int
    bytes: int
    lines: int
    num_problems: int
    examples_counted: int = 0


class ValidationEvent(BaseModel):
    """An event of a stream.

    `fine_tuning.validation.progress` is sent about twice a second, with `progress`. The last event is
    `fine_tuning.validation.completed` with `validation`, or `error` with `error`.
    """

    type: Literal["fine_tuning.validation.progress", "fine_tuning.validation.completed", "error"]
    progress: ValidationProgress | None = None
    validation: FineTuningValidation | None = None
    error: dict[str, Any] | None = None
