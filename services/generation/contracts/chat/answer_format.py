"""What an answer must match, in a chat or a completion: OpenAI's response formats and vLLM's structured outputs."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from services.generation.contracts.chat.messages import Checked
from services.generation.contracts.chat.schema_limits import MAX_VALUES, SCHEMA_LIMITS, LimitedSchema, LimitedText, check_schema
from shared.validation.locate import error_at

JSON_SCHEMA = "json_schema"
STRUCTURAL_TAG = "structural_tag"
CONSTRAINTS = ("json", "regex", "choice", "grammar", "json_object", "structural_tag")
NO_CONSTRAINT = "must have exactly one of 'json', 'regex', 'choice', 'grammar', 'json_object' and 'structural_tag'"


def _check_json_object(value: bool) -> bool:
    if not value:
        raise ValueError("must be true or left out; got false")
    return value


class StructuredOutputs(Checked):
    """What the answer must match. An extension of vLLM."""

    json_: LimitedSchema | LimitedText | None = Field(None, alias="json")
    regex: str | None = None
    choice: Annotated[list[str], Field(min_length=1, max_length=MAX_VALUES, fail_fast=True)] | None = None
    grammar: str | None = None
    json_object: Annotated[bool, AfterValidator(_check_json_object)] | None = None
    structural_tag: LimitedText | None = None
    whitespace_pattern: str | None = None
    disable_any_whitespace: bool | None = None
    disable_additional_properties: bool | None = None

    @model_validator(mode="after")
    def _check_constraint(self) -> "StructuredOutputs":
        kinds = [name for name in CONSTRAINTS if getattr(self, f"{name}_" if name == "json" else name) is not None]
        if len(kinds) != 1:
            raise ValueError(f"{NO_CONSTRAINT}; got {' and '.join(map(repr, kinds)) or 'none of them'}")
        return self


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
