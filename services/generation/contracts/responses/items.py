"""The items of a response's input, as far as they are checked. An item may have more fields, which are stored as they came."""

from typing import Annotated, Any, Literal

from pydantic import Field, RootModel

from services.generation.contracts.chat.messages import Checked

ItemStatus = Literal["in_progress", "completed", "incomplete", "searching", "failed"]
Objects = Annotated[list[dict[str, Any]], Field(fail_fast=True)]


class TextPart(Checked):
    """A part with text."""

    type: Literal["input_text", "output_text", "text"]
    text: str
    annotations: Objects | None = None
    logprobs: Objects | None = None


class RefusalPart(Checked):
    """What the model wrote instead of an answer."""

    type: Literal["refusal"]
    refusal: str


class ImagePart(Checked):
    """An image, by its URL or as a `data:` URL."""

    type: Literal["input_image"]
    image_url: str


MessagePart = Annotated[TextPart | RefusalPart | ImagePart, Field(discriminator="type")]
OutputPart = Annotated[TextPart | RefusalPart, Field(discriminator="type")]


class CheckedItem(Checked):
    """What every item has."""

    id: str | None = None
    status: ItemStatus | None = None


class MessageItem(CheckedItem):
    """A message."""

    type: Literal["message"]
    role: Literal["user", "assistant", "system", "developer"]
    content: str | Annotated[list[MessagePart], Field(min_length=1, fail_fast=True)]


class FunctionCallItem(CheckedItem):
    """A function that the model called, with its arguments, a JSON object as text."""

    type: Literal["function_call"]
    call_id: str
    name: str
    arguments: str


class FunctionOutputItem(CheckedItem):
    """What a function returned."""

    type: Literal["function_call_output"]
    call_id: str
    output: str | Annotated[list[OutputPart], Field(fail_fast=True)]


class SearchCallItem(CheckedItem):
    """A search for which the model asked. The prompt does not have it."""

    type: Literal["file_search_call"]
    queries: Annotated[list[str], Field(fail_fast=True)] | None = None
    results: Objects | None = None


class ReasoningItem(CheckedItem):
    """How the model reasoned. The prompt does not have it."""

    type: Literal["reasoning"]
    summary: Objects | None = None
    content: Objects | None = None
    encrypted_content: str | None = None


AnyItem = MessageItem | FunctionCallItem | FunctionOutputItem | SearchCallItem | ReasoningItem


class InputItem(RootModel[Annotated[AnyItem, Field(discriminator="type")]]):
    """An item, in the shape of its type."""
