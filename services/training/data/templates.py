"""Chat templates: the Jinja source that a base model ships, rendered as Hugging Face defines it.

`transformers` could do this too, but it takes ten seconds and half a gigabyte to load.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

import jinja2
from jinja2.ext import Extension, loopcontrols
from jinja2.nodes import Node
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

from services.training.data.base_model import read_json
from services.training.data.harmony import HARMONY, MODEL_TYPE
from shared.datasets import Message
from shared.errors import TandemError

SPECIAL_TOKENS = ("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token")


class ChatTemplateError(TandemError):
    """The chat template cannot render this chat, or its rendering does not show where each turn begins and ends."""

    default_code = "chat_template_unfit"


class ChatTemplate:
    """A base model's chat template. `special_tokens` are variables of the template, such as `eos_token`."""

    def __init__(self, source: str, special_tokens: dict[str, str]) -> None:
        self.sha256 = hashlib.sha256(source.encode()).hexdigest()
        self.is_date_dependent = "strftime_now" in source
        self.eos_token = special_tokens.get("eos_token", "")
        self._template = _compile(source)
        self._variables = {"tools": None, "documents": None, **special_tokens}  # a template may ask whether they are defined

    def render(self, messages: Sequence[Message], *, add_generation_prompt: bool = False) -> str:
        """Return the chat as a string; with `add_generation_prompt`, up to where the assistant's answer begins.

        Raises:
            ChatTemplateError: if the template refuses the chat.
        """
        chat = [message.model_dump() for message in messages]
        try:
            return self._template.render(messages=chat, add_generation_prompt=add_generation_prompt, **self._variables)
        except jinja2.TemplateError as error:
            raise ChatTemplateError(f"the base model's chat template refuses this chat: {error}.") from error


def open_template(folder: Path) -> ChatTemplate | None:
    """Return the chat template that vLLM uses for the base model in `folder`, or None if it has none."""
    settings = read_json(folder / "tokenizer_config.json")
    source = _read_source(folder, settings)
    return None if source is None else ChatTemplate(source, _read_special_tokens(settings))


def _read_source(folder: Path, settings: dict[str, Any]) -> str | None:
    if read_json(folder / "config.json").get("model_type") == MODEL_TYPE:
        return HARMONY
    file = folder / "chat_template.jinja"
    if file.exists():
        return file.read_text()
    # A model that also reads images, such as Gemma 3, may have the template of its processor, which vLLM prefers to the tokenizer's.
    template = read_json(folder / "chat_template.json").get("chat_template") or settings.get("chat_template")
    if isinstance(template, list):
        template = {entry["name"]: entry["template"] for entry in template}.get("default")
    return template


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
