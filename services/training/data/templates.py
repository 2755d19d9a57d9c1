"""Chat templates: the Jinja source that a base model ships, rendered as Hugging Face defines it.

`transformers` could do this too, but it takes ten seconds and half a gigabyte to load.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

import jinja2
from jinja2.ext import Extension, loopcontrols
from jinja2.nodes import Node
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

from services.training.data.base_model import read_json
from services.training.data.chat_format import ChatFormat, ChatTemplateError, Tool
from services.training.data.harmony import Harmony
from shared.datasets import Message
from shared.errors import TandemError
from shared.records.models.chat_template import is_harmony_model, read_chat_template

SPECIAL_TOKENS = ("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token")


class ChatTemplate(ChatFormat):
    """A base model's chat template. `special_tokens` are variables of the template, such as `eos_token`.

    `tool_source` is the source of chats with tools, if the model has another one for them.
    """

    def __init__(self, source: str, special_tokens: dict[str, str], tool_source: str | None = None) -> None:
        self.sha256 = hashlib.sha256((source + (tool_source or "")).encode()).hexdigest()
        self.is_date_dependent = any("strftime_now" in each for each in (source, tool_source or ""))
        self.eos_token = special_tokens.get("eos_token", "")
        self._template = _compile(source)
        self._tool_template = _compile(tool_source) if tool_source else self._template
        self._variables = {"documents": None, **special_tokens}  # a template may ask whether they are defined

    def render(self, messages: Sequence[Message], tools: Sequence[Tool] = (), *, add_generation_prompt: bool = False) -> str:
        """Return the chat as a string; with `add_generation_prompt`, up to where the assistant's answer begins.

        Raises:
            ChatTemplateError: if the template refuses the chat.
        """
        template = self._tool_template if tools else self._template
        shown = {"messages": [_show_message(message) for message in messages], "tools": [_show_tool(tool) for tool in tools] or None}
        try:
            return template.render(add_generation_prompt=add_generation_prompt, **shown, **self._variables)
        except jinja2.TemplateError as error:
            raise ChatTemplateError(f"the base model's chat template refuses this chat: {str(error).rstrip('.!')}.") from error
        except (TypeError, ValueError) as error:  # such as adding the text of a message that has none
            raise ChatTemplateError(f"the base model's chat template cannot show this chat: {error}.") from error


def open_template(folder: Path, engines: Path | None = None) -> ChatFormat | None:
    """Return the chat format that vLLM uses for the base model in `folder`, or None if it has none.

    `engines` is the template that the engine is started with, if it is not the model's own.
    """
    special_tokens = _read_special_tokens(read_json(folder / "tokenizer_config.json"))
    if is_harmony_model(folder):
        return Harmony(special_tokens.get("eos_token", ""))
    sources = read_chat_template(folder, engines)
    if sources is None:
        return None
    return ChatTemplate(sources.chats, special_tokens, None if sources.tools == sources.chats else sources.tools)


def _show_message(message: Message) -> dict[str, Any]:
    """Return a message as vLLM hands it to a template: the arguments of a call are an object (`renderers/chat_utils.py`).

    The fields of a call have the order of the types of the package `openai`, which some templates show.
    """
    fields = message.model_dump()
    if calls := fields.pop("tool_calls", None):
        fields["tool_calls"] = [{"id": call["id"], "function": _show_call(call["function"]), "type": call["type"]} for call in calls]
    return fields


def _show_call(function: Mapping[str, str]) -> dict[str, Any]:
    return {"arguments": json.loads(function["arguments"]), "name": function["name"]}


def _show_tool(tool: Tool) -> dict[str, Any]:
    """Return a tool as vLLM hands it to a template: the fields that it knows, in their order, with null for those that are missing.

    Only `strict` is left out if it is missing (`entrypoints/generate/base/protocol.py`).
    """
    function = tool["function"]
    strict = {} if function.get("strict") is None else {"strict": function["strict"]}
    return {"type": tool["type"], "function": {**{name: function.get(name) for name in ("name", "description", "parameters")}, **strict}}


def _read_special_tokens(settings: dict[str, Any]) -> dict[str, str]:
    extra = settings.get("extra_special_tokens")
    named = {**settings, **extra} if isinstance(extra, dict) else settings
    names = [*SPECIAL_TOKENS, *(extra if isinstance(extra, dict) else ())]
    tokens = {name: named[name] for name in names if named.get(name)}
    return {name: token if isinstance(token, str) else token["content"] for name, token in tokens.items()}


class _GenerationTag(Extension):
    """Accepts `{% generation %}`, with which a template marks what the model writes; the tag does not change the output."""

    tags = {"generation"}

    def parse(self, parser: Parser) -> list[Node]:
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


def _compile(source: str) -> jinja2.Template:
    """Compile the template in the environment that Hugging Face defines for chat templates."""
    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[_GenerationTag, loopcontrols])
    environment.filters["tojson"] = _to_json
    environment.globals["raise_exception"] = _raise_exception
    environment.globals["strftime_now"] = lambda form: datetime.now().astimezone().strftime(form)
    try:
        return environment.from_string(source)
    except jinja2.TemplateError as error:
        raise TandemError(f"The base model's chat template is not valid: {error}.", code="base_model_unfit") from error


def _to_json(value: Any, ensure_ascii: bool = False, **options: Any) -> str:
    return json.dumps(value, ensure_ascii=ensure_ascii, **options)


def _raise_exception(message: str) -> NoReturn:
    raise jinja2.TemplateError(message)
