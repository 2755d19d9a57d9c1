"""Translates a request for a response into the engine's chat call, its errors back, and counts its prompt. Knows nothing of searching."""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from services.generation.contracts.responses.options import TextFormat
from services.generation.contracts.responses.response import Conversation, InputTokenCount, ResponseCreate
from services.generation.contracts.responses.tools import FunctionChoice
from services.generation.grounding.chat_model import TokenCounter
from services.generation.responses.items import LOGPROBS, Item, Message, check_outputs, parse_items, to_messages
from shared.errors import ContextTooLong, InvalidRequest

# The engine's names for the fields of a response's request, longer ones first. Its messages come from several fields.
RESPONSE_NAMES = {
    "max_completion_tokens": "max_output_tokens", "response_format.json_schema": "text.format", "response_format": "text.format",
    "reasoning_effort": "reasoning.effort",
}  # fmt: skip
FIRST_PART = re.compile(r"[^.\[]*")
FUNCTION = re.compile(r"tools\[(\d+)\](?:\.function)?")
PROMPT_FIELDS = ("model", "messages", "tools")


def prompt_fields(request: Conversation, model: str, items: Sequence[Item]) -> dict[str, Any]:
    """Return the fields of the call that decide its prompt; `items` is the whole conversation, oldest first.

    Raises:
        InvalidRequest: if the prompt is empty.
    """
    system: list[Message] = [{"role": "system", "content": request.instructions}] if request.instructions else []
    messages = [*system, *to_messages(items)]
    if not messages:
        raise InvalidRequest("The prompt is empty. Set 'input', 'instructions' or 'previous_response_id'.", param="input")
    fields: dict[str, Any] = {"model": model, "messages": messages}
    if request.functions:
        functions = [tool.model_dump(exclude_none=True, exclude={"type"}) for tool in request.functions]
        fields["tools"] = [{"type": "function", "function": function} for function in functions]
        fields |= {"tool_choice": _tool_choice(request), "parallel_tool_calls": request.parallel_tool_calls}
    return fields


def build(request: ResponseCreate, items: Sequence[Item]) -> dict[str, Any]:
    """Return the whole call; its answer is streamed."""
    fields: dict[str, Any] = {
        **prompt_fields(request, request.model, items),
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": request.temperature,
        "top_p": request.top_p,
        "presence_penalty": request.presence_penalty,
        "frequency_penalty": request.frequency_penalty,
        "max_completion_tokens": request.max_output_tokens,
        "reasoning_effort": request.reasoning.effort if request.reasoning else None,
        "seed": request.seed,
        "response_format": _response_format(request.text.format),
    }
    if LOGPROBS in request.include:
        fields |= {"logprobs": True, "top_logprobs": request.top_logprobs}
    return {name: value for name, value in fields.items() if value is not None}


async def count_prompt(request: InputTokenCount, model: str, history: Sequence[Item], counter: TokenCounter) -> int:
    """Return the number of tokens of the prompt that `request` would make after the items of `history`.

    Raises:
        InvalidRequest: if the prompt is empty, or an item has a wrong shape or is the output of no call.
    """
    items = parse_items(request.input) if request.input is not None else []
    check_outputs(items, history)
    fields = prompt_fields(request, model, [*history, *items])
    with engine_errors(request):
        return (await counter.count({name: fields[name] for name in PROMPT_FIELDS if name in fields})).tokens


@contextmanager
def engine_errors(request: Conversation) -> Iterator[None]:
    """Name the fields that the engine knows by another name as the client wrote them."""
    try:
        yield
    except InvalidRequest as error:
        name = FIRST_PART.match(error.param or "")
        message, param = error.message, error.param or ""
        if name and name.group() == "messages":
            param = "instructions" if isinstance(error, ContextTooLong) and _has_long_instructions(request) else "input"
            message = re.sub(r"'messages[^']*'", f"'{param}'", message)
        for engine_name, written in _written_names(request, param):
            param, message = param.replace(engine_name, written, 1), message.replace(engine_name, written)
        if param == (error.param or ""):
            raise
        raise type(error)(message, param=param, code=error.code, status=error.status) from error


def _written_names(request: Conversation, param: str) -> list[tuple[str, str]]:
    """Return the engine's name for the field that is the beginning of `param`, and the client's; none if it is the same."""
    if function := FUNCTION.match(param):
        numbers = [number for number, tool in enumerate(request.tools) if any(tool is each for each in request.functions)]
        return [(function[0], f"tools[{numbers[int(function[1])]}]")] if int(function[1]) < len(numbers) else []
    return [(name, written) for name, written in RESPONSE_NAMES.items() if param.startswith(name)][:1]


def _has_long_instructions(request: Conversation) -> bool:
    """Return whether the instructions are longer than the input."""
    sent: Any = getattr(request, "input", None) or ""
    return len(request.instructions or "") > len(sent if isinstance(sent, str) else json.dumps(sent))


def _response_format(format: TextFormat) -> dict[str, Any] | None:
    if format.type == "text":
        return None
    fields = format.model_dump(exclude_none=True)
    kind = fields.pop("type")
    return {"type": kind, kind: fields} if kind == "json_schema" else {"type": kind}


def _tool_choice(request: Conversation) -> Any:
    choice = request.tool_choice
    if isinstance(choice, FunctionChoice):
        return {"type": "function", "function": {"name": choice.name}}
    return request.mode
