"""The fields of a chat or a completion, as far as Tandem checks them before the engine reads them: the types of OpenAI's and vLLM's fields.

The engine itself would convert them, for example `true` to 1 and `"yes"` to true. They have the limits that every engine has; limits that
depend on its settings, and all other fields, are the engine's.
"""

import math
import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError, field_validator, model_validator
from pydantic_core import InitErrorDetails

from services.generation.contracts.chat.answer_format import ResponseFormat, StructuredOutputs
from services.generation.contracts.chat.messages import Checked
from services.generation.contracts.chat.schema_limits import check_schemas
from shared.contracts.wire import Request
from shared.validation.locate import error_at

MAX_ANSWERS = 128
MIN_REPETITIONS = 2
TOKEN = re.compile(r"[0-9]+")


def _check_biases(value: Any) -> Any:
    """Refuse the first entry that is not a token's bias. pydantic itself makes an error of each."""
    for token, bias in value.items() if isinstance(value, dict) else ():
        if not TOKEN.fullmatch(token):
            raise ValueError(f"must have token ids as keys, such as '50256'; got '{token}'")
        if not isinstance(bias, int | float) or isinstance(bias, bool) or abs(bias) == math.inf:
            kind = "finite_number" if isinstance(bias, float) else "float_type"
            raise ValidationError.from_exception_data("logit_bias", [InitErrorDetails(type=kind, loc=(token,), input=bias)])
    return value


def _read_whole(value: Any) -> Any:
    """Return a list with 5 for 5.0, which is an integer in JSON Schema."""
    if not isinstance(value, list) or not any(isinstance(each, float) for each in value):
        return value
    return [int(each) if isinstance(each, float) and each.is_integer() else each for each in value]


def _limit_at(field: str, kind: Literal["greater_than_equal", "less_than_equal"], limit: int, value: int) -> ValidationError:
    context = {"ge" if kind == "greater_than_equal" else "le": limit}
    return ValidationError.from_exception_data(field, [InitErrorDetails(type=kind, loc=(field,), input=value, ctx=context)])


NotEmpty = Annotated[str, Field(min_length=1)]
Strings = Annotated[list[str], Field(fail_fast=True)]
NotEmptyStrings = Annotated[list[NotEmpty], Field(fail_fast=True)]
Whole = Annotated[int, BeforeValidator(lambda value: _read_whole([value])[0])]
Tokens = Annotated[list[int], Field(fail_fast=True), BeforeValidator(_read_whole)]
SomeTokens = Annotated[Tokens, Field(min_length=1)]
Penalty = Annotated[float, Field(ge=-2, le=2)]
Biases = Annotated[dict[str, float], BeforeValidator(_check_biases)]


class ChatStreamOptions(Checked):
    """What a stream has besides the answer. `continuous_usage_stats` is an extension of vLLM."""

    include_usage: bool | None = None
    include_obfuscation: bool | None = None
    continuous_usage_stats: bool | None = None


class RepetitionDetection(Checked):
    """Ends an answer that repeats itself. An extension of vLLM."""

    max_pattern_size: Whole = Field(0, ge=0)
    min_pattern_size: Whole = Field(0, ge=0)
    min_count: Whole = 0

    @model_validator(mode="after")
    def _check_together(self) -> "RepetitionDetection":
        if self.min_pattern_size > self.max_pattern_size:
            raise _limit_at("min_pattern_size", "less_than_equal", self.max_pattern_size, self.min_pattern_size)
        if self.max_pattern_size and self.min_count < MIN_REPETITIONS:
            problem = f"must be at least {MIN_REPETITIONS} if 'max_pattern_size' is not 0; got {self.min_count}"
            raise error_at(("min_count",), ValueError(problem))
        return self


class EngineFields(Request):
    """What chats and completions have in common."""

    stream: bool | None = None
    stream_options: ChatStreamOptions | None = None
    max_tokens: int | None = None
    n: int | None = Field(None, ge=1, le=MAX_ANSWERS)
    temperature: float | None = Field(None, ge=0, le=2)
    top_p: float | None = Field(None, gt=0, le=1)
    presence_penalty: Penalty | None = None
    frequency_penalty: Penalty | None = None
    logit_bias: Biases | None = None
    seed: int | None = None
    stop: NotEmpty | NotEmptyStrings | None = None
    user: str | None = None
    response_format: ResponseFormat | None = None
    # extensions of vLLM
    echo: bool | None = None
    top_k: int | None = Field(None, ge=-1)
    min_p: float | None = Field(None, ge=0, le=1)
    repetition_penalty: float | None = Field(None, gt=0)
    length_penalty: float | None = None
    min_tokens: int | None = Field(None, ge=0)
    use_beam_search: bool | None = None
    ignore_eos: bool | None = None
    include_stop_str_in_output: bool | None = None
    skip_special_tokens: bool | None = None
    spaces_between_special_tokens: bool | None = None
    add_special_tokens: bool | None = None
    truncate_prompt_tokens: int | None = Field(None, ge=-1)
    stop_token_ids: Tokens | None = None
    allowed_token_ids: SomeTokens | None = None
    bad_words: NotEmptyStrings | None = None
    prompt_logprobs: int | None = Field(None, ge=-1)
    priority: int | None = None
    return_token_ids: bool | None = None
    return_tokens_as_token_ids: bool | None = None
    structured_outputs: StructuredOutputs | None = None
    repetition_detection: RepetitionDetection | None = None
    thinking_token_budget: int | None = Field(None, ge=-1)

    @field_validator("truncate_prompt_tokens")
    @classmethod
    def _check_truncation(cls, value: int | None) -> int | None:
        if value == 0:
            raise ValueError("must be -1 or at least 1; got 0")
        return value

    @model_validator(mode="after")
    def _check_min_tokens(self) -> "EngineFields":
        most = self.most_tokens
        if most and self.min_tokens is not None and self.min_tokens > most and not self.use_beam_search:
            raise _limit_at("min_tokens", "less_than_equal", most, self.min_tokens)
        return self

    @property
    def most_tokens(self) -> int | None:
        """The most tokens that the answer may have, if the request says so."""
        return self.max_tokens


class ChatFunction(Checked):
    """A function that the model may call."""

    name: str
    description: str | None = None
    parameters: dict[str, Any] | None = None
    strict: bool | None = None


class ChatTool(Checked):
    """A tool. The engine supports only functions."""

    type: Literal["function"] = "function"
    function: ChatFunction


class ChatFunctionName(Checked):
    """The function that the model must call."""

    name: str


class ChatFunctionChoice(Checked):
    """Makes the model call one function."""

    type: Literal["function"] = "function"
    function: ChatFunctionName


ChatToolChoice = Literal["none", "auto", "required"] | ChatFunctionChoice


class ChatFields(EngineFields):
    """What a chat has besides its messages."""

    max_tokens: int | None = Field(None, ge=1)
    max_completion_tokens: int | None = Field(None, ge=1)
    logprobs: bool | None = None
    top_logprobs: int | None = Field(None, ge=-1)
    tools: Annotated[list[ChatTool], Field(min_length=1, fail_fast=True)] | None = None
    tool_choice: ChatToolChoice | None = None
    parallel_tool_calls: bool | None = None
    reasoning_effort: str | None = None
    verbosity: str | None = None
    service_tier: str | None = None
    safety_identifier: str | None = None
    prompt_cache_key: str | None = None
    prompt_cache_retention: str | None = None
    # extensions of vLLM
    add_generation_prompt: bool | None = None
    continue_final_message: bool | None = None
    include_reasoning: bool | None = None

    @property
    def most_tokens(self) -> int | None:
        """The most tokens that the answer may have, if the request says so."""
        return self.max_tokens if self.max_completion_tokens is None else self.max_completion_tokens

    @model_validator(mode="after")
    def _check_parameters(self) -> "ChatFields":
        functions = enumerate(tool.function for tool in self.tools or ())
        check_schemas(
            (("tools", number, "function", "parameters"), each.parameters) for number, each in functions if self._constrains(each)
        )
        return self

    def _constrains(self, function: ChatFunction) -> bool:
        """Return whether a call of a function must match its parameters."""
        if isinstance(self.tool_choice, ChatFunctionChoice):
            return function.name == self.tool_choice.function.name
        return self.tool_choice == "required" or (function.strict is True and self.tool_choice != "none")


class CompletionFields(EngineFields):
    """What a completion has."""

    prompt: str | Strings | Tokens | Annotated[list[SomeTokens], Field(fail_fast=True)] | None = None
    prompt_embeds: str | Strings | None = None  # an extension of vLLM
    suffix: str | None = None
    logprobs: int | None = Field(None, ge=-1)
    best_of: int | None = None

    @model_validator(mode="after")
    def _check_prompt(self) -> "CompletionFields":
        """Refuse a completion without a prompt, as vLLM does."""
        if not self.prompt and not self.prompt_embeds:
            raise ValidationError.from_exception_data("prompt", _prompt_problems(self.prompt, "prompt" in self.model_fields_set))
        return self

    @model_validator(mode="after")
    def _check_max_tokens(self) -> "CompletionFields":
        """Refuse an answer without tokens, unless it has the prompt."""
        if self.max_tokens is not None and self.max_tokens < (0 if self.echo else 1):
            raise _limit_at("max_tokens", "greater_than_equal", 1, self.max_tokens)
        return self


def _prompt_problems(prompt: Any, is_sent: bool) -> list[InitErrorDetails]:
    """Return what is wrong with a prompt that is empty."""
    if prompt is None:
        kinds: tuple[Literal["missing", "string_type", "list_type"], ...] = ("string_type", "list_type") if is_sent else ("missing",)
        return [InitErrorDetails(type=kind, loc=("prompt",), input=None) for kind in kinds]
    if isinstance(prompt, str):
        return [InitErrorDetails(type="string_too_short", loc=("prompt",), input=prompt, ctx={"min_length": 1})]
    context = {"field_type": "List", "min_length": 1, "actual_length": 0}
    return [InitErrorDetails(type="too_short", loc=("prompt",), input=prompt, ctx=context)]
