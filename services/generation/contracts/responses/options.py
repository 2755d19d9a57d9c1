"""Options of a response: the form of its text, reasoning and its stream. A null of OpenAI's other fields means that they were not sent."""

from typing import Any, Literal, Self

from pydantic import ConfigDict, Field, SerializerFunctionWrapHandler, ValidationError, model_serializer, model_validator
from pydantic_core import InitErrorDetails

from shared.contracts.chat import ReasoningEffort
from shared.contracts.wire import Id, JsonObject, Request

Verbosity = Literal["low", "medium", "high"]
Retention = Literal["in_memory", "in-memory", "24h"]


class OpenAIRequest(Request):
    """An object of a request that may have been read from a response: OpenAI's clients write null for every field that was not set."""

    @model_validator(mode="before")
    @classmethod
    def _drop_nulls(cls, data: Any) -> Any:
        """Leave out the unknown fields that are null. All others are refused."""
        if not isinstance(data, dict) or None not in data.values():
            return data
        known = {*cls.model_fields, *(field.alias for field in cls.model_fields.values())}
        return {name: value for name, value in data.items() if value is not None or name in known}


class TextFormat(OpenAIRequest):
    """Plain text, any JSON object, or JSON that follows a schema."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True, serialize_by_alias=True)

    type: Literal["text", "json_object", "json_schema"] = "text"
    name: Id | None = Field(None, min_length=1)
    description: str | None = None
    schema_: JsonObject | None = Field(None, alias="schema")
    strict: bool | None = None

    @model_validator(mode="after")
    def _has_schema(self) -> Self:
        """Refuse a format without a name or a schema if its type needs them."""
        needed = {"name": (self.name, "string_type"), "schema": (self.schema_, "dict_type")} if self.type == "json_schema" else {}
        for name, (value, null_problem) in needed.items():
            if value is None:
                is_null = name in self.model_fields_set or f"{name}_" in self.model_fields_set
                problem = InitErrorDetails(type=null_problem if is_null else "missing", loc=(name,), input=None)
                raise ValidationError.from_exception_data(type(self).__name__, [problem])
        return self

    @model_serializer(mode="wrap")
    def _serialize_by_type(self, serialize: SerializerFunctionWrapHandler) -> dict[str, Any]:
        fields: dict[str, Any] = serialize(self)
        return fields if self.type == "json_schema" else {"type": self.type}


class TextConfig(OpenAIRequest):
    """The format of the answer's text. `verbosity` is accepted for compatibility and returned; it has no effect."""

    format: TextFormat = TextFormat()
    verbosity: Verbosity | None = None


class StreamOptions(OpenAIRequest):
    """`include_obfuscation` is accepted and has no effect: Tandem does not pad the events of a stream."""

    include_obfuscation: bool = False


class Reasoning(OpenAIRequest):
    """How much a model reasons before it answers. Models that do not reason ignore it."""

    effort: ReasoningEffort | None = None
