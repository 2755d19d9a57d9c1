"""The messages of a chat, as far as Tandem checks them before the engine reads them: the types of OpenAI's fields.

A message may have any role and more fields, which the engine knows. Texts are not read.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator, model_validator
from pydantic_core import InitErrorDetails

from shared.errors import InvalidRequest
from shared.validation.translate import parse

ONE_ANSWER = "Send one answer for each call."
# What vLLM accepts as a part without a type, and the types of which only vLLM knows the fields.
UNTYPED = ("image_url", "audio_url", "video_url", "input_audio", "image_embeds", "audio_embeds", "video_embeds", "tool_reference")
ErrorKind = Literal["string_type", "list_type"]
EngineType = Literal["input_image", "image_embeds", "audio_embeds", "video_embeds", "prompt_embeds", "tool_reference"]


class Checked(BaseModel):
    """An object that the engine reads: the fields that it must have, and their types. Others are the engine's."""

    model_config = ConfigDict(strict=True, allow_inf_nan=False)


class MediaAddress(Checked):
    """The URL of an image, a recording or a video, or its data as a `data:` URL."""

    url: str


class Recording(Checked):
    """A recording in base64."""

    data: str
    format: str


class MessageText(Checked):
    """A part with text."""

    type: Literal["text"]
    text: str


class MessageRefusal(Checked):
    """What the model wrote instead of an answer."""

    type: Literal["refusal"]
    refusal: str


class MessageThinking(Checked):
    """The model's reasoning. An extension of vLLM."""

    type: Literal["thinking"]
    thinking: str


class MessageImage(Checked):
    """A part with an image."""

    type: Literal["image_url"]
    image_url: MediaAddress


class MessageRecording(Checked):
    """A part with a recording."""

    type: Literal["input_audio"]
    input_audio: Recording


class MessageAudio(Checked):
    """A recording, given by its URL. An extension of vLLM."""

    type: Literal["audio_url"]
    audio_url: MediaAddress


class MessageVideo(Checked):
    """A video. An extension of vLLM."""

    type: Literal["video_url"]
    video_url: MediaAddress


class EnginePart(Checked):
    """A part that only vLLM has, and checks itself."""

    type: EngineType


def _check_part(part: Any, check: ValidatorFunctionWrapHandler) -> Any:
    """Leave to vLLM what it has cached (`uuid`), and what it recognizes without a type."""
    if isinstance(part, dict) and (part.get("uuid") is not None or (part.get("type") is None and any(name in part for name in UNTYPED))):
        return part
    return check(part)


ContentPart = Annotated[
    MessageText | MessageRefusal | MessageThinking | MessageImage | MessageRecording | MessageAudio | MessageVideo | EnginePart,
    Field(discriminator="type"),
    WrapValidator(_check_part),
]


class MessageFunction(Checked):
    """A function's name and its arguments, a JSON object as text."""

    name: str
    arguments: str


class MessageToolCall(Checked):
    """A function that the model called."""

    id: str
    type: Literal["function"]
    function: MessageFunction


class Message(Checked):
    """A message of the conversation."""

    role: str
    content: str | Annotated[list[ContentPart], Field(fail_fast=True)] | None = None
    name: str | None = None
    refusal: str | None = None
    tool_calls: Annotated[list[MessageToolCall], Field(fail_fast=True)] | None = None
    tool_call_id: str | None = None

    @model_validator(mode="after")
    def _check_nulls(self) -> "Message":
        """Refuse the nulls that vLLM refuses: only an assistant or a function may have no content, and only a tool's name may be null."""
        if "content" in self.model_fields_set and self.content is None and self.role not in ("assistant", "function"):
            raise _null_at("content", "string_type", "list_type")
        if "name" in self.model_fields_set and self.name is None and self.role != "tool":
            raise _null_at("name", "string_type")
        return self


def _null_at(field: str, *kinds: ErrorKind) -> ValidationError:
    return ValidationError.from_exception_data("Message", [InitErrorDetails(type=kind, loc=(field,), input=None) for kind in kinds])


class FunctionCalls:
    """The calls of a conversation, by id: how many still wait for their answer. Some models use an id again for a later call."""

    def __init__(self) -> None:
        self._waiting: dict[str, int] = {}

    def __contains__(self, id: str) -> bool:
        return id in self._waiting

    def add(self, id: str) -> None:
        """Note a call."""
        self._waiting[id] = self._waiting.get(id, 0) + 1

    def answer(self, id: str) -> bool:
        """Note an answer. Return False if the call has one already; a call that is not in the conversation may have any number."""
        waiting = self._waiting.get(id)
        if waiting is None:
            return True
        self._waiting[id] = max(0, waiting - 1)
        return waiting > 0


class _Messages(Checked):
    """A list of messages that are still to be checked."""

    messages: list[Any] = Field(min_length=1)


def check_messages(fields: Mapping[str, Any]) -> None:
    """Check the messages of a chat, one at a time: with thousands of them, other threads get their turns in between.

    Raises:
        InvalidRequest: if a message has a wrong shape, or is a second answer to a call, as with OpenAI.
    """
    calls = FunctionCalls()
    for number, each in enumerate(parse(_Messages, {name: fields[name] for name in _Messages.model_fields if name in fields}).messages):
        message = parse(Message, each, ("messages", number))
        for call in message.tool_calls or ():
            calls.add(call.id)
        id = message.tool_call_id
        if message.role == "tool" and id is not None and not calls.answer(id):
            param = f"messages[{number}].tool_call_id"
            raise InvalidRequest(f"'{param}' is '{id}', but this call has an answer already. {ONE_ANSWER}", param=param)
