"""The fields of a chat or a completion, as far as Tandem checks them before the engine reads them: the types of OpenAI's and vLLM's fields.

The engine itself would convert them, for example `true` to 1 and `"yes"` to true. Their limits, and all other fields, are the engine's.
"""

import math
import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError, field_validator, model_validator
from pydantic_core import InitErrorDetails

from services.generation.contracts.messages import Checked
from services.generation.contracts.schema_limits import (
    MAX_VALUES,
    SCHEMA_LIMITS,
    LimitedSchema,
    LimitedText,
    check_schema,
    check_schemas,
)
from shared.contracts.wire import Request
from shared.validation.locate import error_at

JSON_SCHEMA = "json_schema"
STRUCTURAL_TAG = "structural_tag"
MAX_ANSWERS = 128
CONSTRAINTS = ("json", "regex", "choice", "grammar", "json_object", "structural_tag")
TOKEN = re.compile(r"[0-9]+")
NO_CONSTRAINT = "must have exactly one of 'json', 'regex', 'choice', 'grammar', 'json_object' and 'structural_tag'"


def _check_biases(value: Any) -> Any:
    """Refuse the first entry that is not a token's bias. pydantic itself makes an error of each."""
    for token, bias in value.items() if isinstance(value, dict) else ():
        if not TOKEN.fullmatch(token):
            raise ValueError(f"must have token ids as keys, such as '50256'; got '{token}'")
        if not isinstance(bias, int | float) or isinstance(bias, bool) or abs(bias) == math.inf:
            kind = "finite_number" if isinstance(bias, float) else "float_type"
            raise ValidationError.from_exception_data("logit_bias", [InitErrorDetails(type=kind, loc=(token,), input=bias)])
    return value


Strings = Annotated[list[str], Field(fail_fast=True)]
Tokens = Annotated[list[int], Field(fail_fast=True)]
Biases = Annotated[dict[str, float], BeforeValidator(_check_biases)]


class ChatStreamOptions(Checked):
    """What a stream has besides the answer. `continuous_usage_stats` is an extension of vLLM."""

    include_usage: bool | None = None
    include_obfuscation: bool | None = None
    continuous_usage_stats: bool | None = None


class StructuredOutputs(Checked):
    """What the answer must match. An extension of vLLM."""

    json_: LimitedSchema | LimitedText | None = Field(None, alias="json")
    regex: str | None = None
    choice: Annotated[list[str], Field(max_length=MAX_VALUES, fail_fast=True)] | None = None
    grammar: str | None = None
    json_object: bool | None = None
    structural_tag: LimitedText | None = None
    whitespace_pattern: str | None = None
    disable_any_whitespace: bool | None = None
    disable_additional_properties: bool | None = None


class AnswerSchema(Checked):
    """The schema that an answer must match."""

    name: str
    schema_: LimitedSchema = Field(alias="schema", description=SCHEMA_LIMITS)
    description: str | None = None
    strict: bool | None = None


class ResponseFormat(Checked):
    """The format of the answer. `structural_tag` is an extension of vLLM."""

    type: Literal["text", "json_object", "json_schema", "structural_tag"]
    json_schema: AnswerSchema | None = None

    @model_validator(mode="before")
    @classmethod
    def _check_tag(cls, data: Any) -> Any:
        return check_schema(data) if isinstance(data, dict) and data.get("type") == STRUCTURAL_TAG else data

    @model_validator(mode="after")
    def _has_schema(self) -> "ResponseFormat":
        if self.type == JSON_SCHEMA and self.json_schema is None:
            raise error_at((JSON_SCHEMA,), ValueError("must be set if 'type' is 'json_schema'"))
        return self


class EngineFields(Request):
    """What chats and completions have in common."""

    stream: bool | None = None
    stream_options: ChatStreamOptions | None = None
    max_tokens: int | None = None
    n: int | None = Field(None, ge=1, le=MAX_ANSWERS)
    temperature: float | None = None
    top_p: float | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    logit_bias: Biases | None = None
    seed: int | None = None
    stop: str | Strings | None = None
    user: str | None = None
    response_format: ResponseFormat | None = None
    # extensions of vLLM
    echo: bool | None = None
    top_k: int | None = None
    min_p: float | None = None
    repetition_penalty: float | None = None
    length_penalty: float | None = None
    min_tokens: int | None = None
    use_beam_search: bool | None = None
    ignore_eos: bool | None = None
    include_stop_str_in_output: bool | None = None
    skip_special_tokens: bool | None = None
    spaces_between_special_tokens: bool | None = None
    add_special_tokens: bool | None = None
    truncate_prompt_tokens: int | None = None
    stop_token_ids: Tokens | None = None
    allowed_token_ids: Tokens | None = None
    bad_words: Strings | None = None
    prompt_logprobs: int | None = None
    priority: int | None = None
    return_token_ids: bool | None = None
    return_tokens_as_token_ids: bool | None = None
    structured_outputs: StructuredOutputs | None = None

    @field_validator("structured_outputs")
    @classmethod
    def _check_constraint(cls, value: StructuredOutputs | None) -> StructuredOutputs | None:
        kinds = [name for name in CONSTRAINTS if value is not None and getattr(value, f"{name}_" if name == "json" else name) is not None]
        if value is not None and len(kinds) != 1:
            raise ValueError(f"{NO_CONSTRAINT}; got {' and '.join(map(repr, kinds)) or 'none of them'}")
        return value


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

    max_completion_tokens: int | None = None
    logprobs: bool | None = None
    top_logprobs: int | None = None
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

    prompt: str | Strings | Tokens | Annotated[list[Tokens], Field(fail_fast=True)] | None = None
    suffix: str | None = None
    logprobs: int | None = None
    best_of: int | None = None
