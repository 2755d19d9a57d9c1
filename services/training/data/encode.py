"""Chats into tokens, with a label on exactly what the assistant says: its content and its end token.

The chat template is rendered up to each assistant's turn and up to its end; what lies between is what the model learns. This
needs no `{% generation %}` marks in the template. The `tokenizers` library is used alone: it loads in a tenth of a second,
`transformers` takes ten and half a gigabyte. Knows nothing of files of examples or of training.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

import jinja2
from huggingface_hub import snapshot_download
from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError
from jinja2.ext import Extension, loopcontrols
from jinja2.nodes import Node
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment
from tokenizers import Tokenizer

from shared.datasets import Message
from shared.errors import TandemError

IGNORED = -100  # the label that PyTorch's cross entropy leaves out
ASSISTANT = "assistant"
SPECIAL = ("bos_token", "eos_token", "unk_token", "pad_token")


@dataclass(frozen=True)
class Encoded:
    """One example as token ids; `labels` equal them where the model learns, and are -100 elsewhere."""

    input_ids: list[int]
    labels: list[int]

    @property
    def learned(self) -> int:
        """Tokens that the model learns."""
        return sum(label != IGNORED for label in self.labels)

    def cut(self, length: int) -> "Encoded":
        """Return the first `length` tokens."""
        return Encoded(self.input_ids[:length], self.labels[:length])


class TemplateUnfit(TandemError):
    """The chat template cannot render this chat, or not so that its turns can be told apart."""

    default_code = "chat_template_unfit"


class Encoder:
    """A base model's chat template and tokenizer. `special` are the template's variables such as `eos_token`."""

    def __init__(self, tokenizer: Tokenizer, template: str, special: dict[str, str]) -> None:
        self.template_sha256 = hashlib.sha256(template.encode()).hexdigest()
        self.is_dated = "strftime_now" in template  # it writes something else each day
        self._tokenizer = tokenizer
        self._template = _compile(template)
        self._special = special

    def encode(self, messages: Sequence[Message]) -> Encoded:
        """Return the chat's tokens, with labels on every turn of the assistant.

        Raises:
            TemplateUnfit: the template refuses the chat, or renders its beginning differently without its end.
        """
        text = self.render(messages)
        spans = [self._span(messages, position, text) for position, message in enumerate(messages) if message.role == ASSISTANT]
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        inside = [any(start <= left and right <= end for start, end in spans) for left, right in encoding.offsets]
        labels = [token if learn else IGNORED for token, learn in zip(encoding.ids, inside, strict=True)]
        return Encoded(encoding.ids, labels)

    def render(self, messages: Sequence[Message], *, prompt: bool = False) -> str:
        """Return the chat as text; with `prompt`, up to where the assistant is to speak."""
        chat = [message.model_dump() for message in messages]
        try:
            return self._template.render(messages=chat, add_generation_prompt=prompt, **self._special)
        except jinja2.TemplateError as error:
            raise TemplateUnfit(f"the base model's chat template refuses this chat: {error}") from error

    def ends(self, encoded: Encoded) -> bool:
        """Tell whether the last learned token is the tokenizer's end token, at which the engine stops."""
        learned = [label for label in encoded.labels if label != IGNORED]
        return bool(learned) and learned[-1] == self._tokenizer.token_to_id(self._special.get("eos_token", ""))

    def _span(self, messages: Sequence[Message], position: int, text: str) -> tuple[int, int]:
        before = self.render(messages[:position], prompt=True)
        after = self.render(messages[: position + 1]).rstrip()  # the line's end after the end token is not the assistant's
        if not (text.startswith(before) and text.startswith(after) and len(before) < len(after)):
            raise TemplateUnfit("the base model's chat template renders the beginning of this chat differently once it goes on")
        return len(before), len(after)


def open_encoder(base: str) -> Encoder:
    """Return the encoder of a base model, given as a directory or a Hugging Face id.

    Raises:
        TandemError: the model, its tokenizer or its chat template is missing.
    """
    folder = find_base(base)
    settings = _read_json(folder / "tokenizer_config.json")
    template = _read_template(folder, settings)
    if not (folder / "tokenizer.json").exists():
        raise TandemError(f"The base model '{base}' has no tokenizer.json.", code="base_model_unfit")
    if template is None:
        raise TandemError(f"The base model '{base}' has no chat template, so it cannot be trained on chats.", code="base_model_unfit")
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return Encoder(tokenizer, template, _special_tokens(settings))


def find_base(base: str) -> Path:
    """Return the directory of a base model; a Hugging Face id is downloaded where it is not yet in the cache.

    Raises:
        TandemError: there is no such model.
    """
    if Path(base).is_dir():
        return Path(base)
    problem = f"The base model '{base}' (TANDEM_BASE_MODEL) is neither a directory nor can it be downloaded"
    if Path(base).is_absolute():
        raise TandemError(f"{problem}: the directory does not exist.", code="base_model_missing")
    try:
        return Path(snapshot_download(base, allow_patterns=["*.json", "*.jinja", "*.safetensors", "*.model"]))
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError, ValueError) as error:
        raise TandemError(f"{problem} ({type(error).__name__}).", code="base_model_missing") from error


def _read_json(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text())) if path.exists() else {}


def _read_template(folder: Path, settings: dict[str, Any]) -> str | None:
    file = folder / "chat_template.jinja"
    if file.exists():
        return file.read_text()
    template = settings.get("chat_template")
    if isinstance(template, list):
        named = {entry["name"]: entry["template"] for entry in template}
        template = named.get("default")
    return template


def _special_tokens(settings: dict[str, Any]) -> dict[str, str]:
    tokens = {name: settings[name] for name in SPECIAL if settings.get(name)}
    return {name: token if isinstance(token, str) else token["content"] for name, token in tokens.items()}


class _Generation(Extension):
    """Lets a template mark what the model says with `{% generation %}`; the marks change nothing in the text."""

    tags = {"generation"}

    def parse(self, parser: Parser) -> list[Node]:
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


def _compile(template: str) -> jinja2.Template:
    """Return the template in the environment that Hugging Face defines for chat templates."""
    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[_Generation, loopcontrols])
    environment.filters["tojson"] = _to_json
    environment.globals["raise_exception"] = _refuse
    environment.globals["strftime_now"] = lambda form: datetime.now().astimezone().strftime(form)
    try:
        return environment.from_string(template)
    except jinja2.TemplateError as error:
        raise TandemError(f"The base model's chat template cannot be read: {error}.", code="base_model_unfit") from error


def _to_json(value: Any, ensure_ascii: bool = False, **options: Any) -> str:
    return json.dumps(value, ensure_ascii=ensure_ascii, **options)


def _refuse(message: str) -> NoReturn:
    raise jinja2.TemplateError(message)
