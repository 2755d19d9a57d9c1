"""Encodes chats as tokens, with labels on exactly what the assistant writes: its content, its calls of tools, and its end token.

Each answer is trained after the tokens that the engine would get as its prompt. Most templates render a longer chat as a continuation of
a shorter one, so one sequence of tokens shows all answers of a chat. Others render an earlier answer, or its prompt, differently once
later turns follow: Qwen 3 adds an empty thinking block only to the last answer, gpt-oss ends only the last with `<|return|>`, and
Mistral Nemo shows the system message only in a last question. With these, each answer is trained in a sequence that ends with it.

The chat template is rendered up to the start of each assistant turn and up to its end; the model learns the text between them. So the
template needs no `{% generation %}` tags. Knows nothing of files of examples or of training.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

from services.training.data.base_model import read_end_ids
from services.training.data.chat_format import ChatFormat, ChatTemplateError, Tool
from services.training.data.templates import open_template
from shared.datasets import Message
from shared.datasets.examples.answers import NOT_CONTINUED, find_answer, list_calls
from shared.errors import TandemError

IGNORE_INDEX = -100  # the label that PyTorch's cross entropy leaves out
NO_TOOLS = (
    "the chat template that the base model is trained with does not show tools, calls and results, so the model would not learn to call "
    "them; delete 'tools' and the messages with calls and results, or train another base model."
)


@dataclass(frozen=True)
class EncodedExample:
    """A sequence of tokens that shows the first `num_messages` messages of a chat.

    `labels` equals `input_ids` where the model learns, and is -100 elsewhere. `is_canonical` says whether rendering and tokenizing these
    messages as a complete chat gives `input_ids` too. If not, they are the tokens of the prompt, then those of the answer.
    """

    input_ids: list[int]
    labels: list[int]
    num_messages: int
    is_canonical: bool

    @property
    def num_labels(self) -> int:
        """Number of tokens that the model learns."""
        return sum(label != IGNORE_INDEX for label in self.labels)

    def truncate(self, length: int) -> "EncodedExample":
        """Return the first `length` tokens."""
        return EncodedExample(self.input_ids[:length], self.labels[:length], self.num_messages, self.is_canonical)


@dataclass(frozen=True)
class _Tokens:
    """Tokens, and the position in the rendered chat at which each ends, in characters."""

    ids: list[int]
    ends: list[int]

    def starts_with(self, prompt: "_Tokens") -> bool:
        return self.ids[: len(prompt.ids)] == prompt.ids


@dataclass(frozen=True)
class _Turn:
    """A turn of the assistant: the `num_messages` messages up to it, rendered as its `prompt` and with the answer as `chat`.

    `is_rendered` says whether the template renders the messages as `chat`.
    """

    num_messages: int
    prompt: str
    prompt_tokens: _Tokens
    chat: str
    is_rendered: bool

    @property
    def answered(self) -> str:
        """The chat up to the answer's end token. The assistant does not write the newline after it."""
        return self.chat.rstrip()


class ChatEncoder:
    """A base model's tokenizer and chat template. At `end_ids` the engine stops, as it does at the tokenizer's end token."""

    def __init__(self, tokenizer: Tokenizer, template: ChatFormat, end_ids: Iterable[int] = ()) -> None:
        self.template = template
        self._tokenizer = tokenizer
        self._end_ids = {tokenizer.token_to_id(template.eos_token), *end_ids}

    def encode(self, messages: Sequence[Message], tools: Sequence[Tool] = ()) -> list[EncodedExample]:
        """Return the chat's tokens, with a label on every assistant turn in one of the sequences, except turns with the weight 0.

        It is one sequence, unless the template renders earlier turns differently once later ones follow. `tools` are those that the
        assistant may call.

        Raises:
            ChatTemplateError: if the template refuses the chat, or does not show an answer as a continuation of its prompt.
        """
        if (tools or any(message.role == "tool" or list_calls(message) for message in messages)) and not self.template.shows_tools:
            raise ChatTemplateError(NO_TOOLS)
        turns = [self._render_turn(messages, tools, position) for position, message in enumerate(messages) if message.is_learned]
        examples: list[EncodedExample] = []
        while turns:
            example, turns = self._encode_turns(turns)
            examples.append(example)
        return examples[::-1]

    def has_end_token(self, example: EncodedExample) -> bool:
        """Return whether the last label is a token at which the engine stops."""
        labels = [label for label in example.labels if label != IGNORE_INDEX]
        return bool(labels) and labels[-1] in self._end_ids

    def _render_turn(self, messages: Sequence[Message], tools: Sequence[Tool], position: int) -> _Turn:
        prompt = self.template.render(messages[:position], tools, add_generation_prompt=True)
        complete = self.template.render(messages[: position + 1], tools)
        answer = find_answer(prompt, complete, messages[: position + 1])
        if answer is None:
            raise ChatTemplateError(NOT_CONTINUED)
        chat = prompt + answer
        return _Turn(position + 1, prompt, self._tokenize(prompt), chat, is_rendered=chat == complete)

    def _encode_turns(self, turns: Sequence[_Turn]) -> tuple[EncodedExample, list[_Turn]]:
        """Encode the chat up to the last turn, with labels on each turn that it shows as generated; return also the other turns."""
        last = turns[-1]
        whole = self._tokenize(last.chat)
        is_continued = whole.starts_with(last.prompt_tokens)
        tokens = whole if is_continued else self._continue(last)
        shown = [turn for turn in turns if last.chat.startswith(turn.answered) and tokens.starts_with(turn.prompt_tokens)]
        is_canonical = is_continued and last.is_rendered
        example = EncodedExample(tokens.ids, _label(tokens, shown), last.num_messages, is_canonical)
        return example, [turn for turn in turns if turn not in shown]

    def _continue(self, turn: _Turn) -> _Tokens:
        """Tokenize the prompt and the answer on their own. Needed if a token would span both, such as two line feeds."""
        answer = self._tokenize(turn.chat[len(turn.prompt) :])
        ends = [len(turn.prompt) + end for end in answer.ends]
        return _Tokens(turn.prompt_tokens.ids + answer.ids, turn.prompt_tokens.ends + ends)

    def _tokenize(self, text: str) -> _Tokens:
        encoding = self._tokenizer.encode(text, add_special_tokens=False)  # the template writes them
        return _Tokens(encoding.ids, [end for _, end in encoding.offsets])


def _label(tokens: _Tokens, turns: Iterable[_Turn]) -> list[int]:
    labels = [IGNORE_INDEX] * len(tokens.ids)
    for turn in turns:
        answer = slice(len(turn.prompt_tokens.ids), bisect_right(tokens.ends, len(turn.answered)))
        labels[answer] = tokens.ids[answer]
    return labels


def open_encoder(folder: Path, template_file: Path | None = None) -> ChatEncoder:
    """Return the encoder of the base model in `folder`.

    `template_file` is the chat template that the engine is started with, if it is not the model's own.

    Raises:
        TandemError: if the model has no tokenizer or no chat template.
    """
    if not (folder / "tokenizer.json").exists():
        raise TandemError(f"The base model in '{folder}' has no tokenizer.json.", code="base_model_unfit")
    template = open_template(folder, template_file)
    if template is None:
        raise TandemError(f"The base model in '{folder}' has no chat template, so it cannot be trained on chats.", code="base_model_unfit")
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return ChatEncoder(tokenizer, template, read_end_ids(folder))
