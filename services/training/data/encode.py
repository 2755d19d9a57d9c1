"""Encodes chats as tokens, with labels on exactly what the assistant writes: its content and its end token.

The chat template is rendered up to the start of each assistant turn and up to its end; the model learns the text between them. So the
template needs no `{% generation %}` tags. Knows nothing of files of examples or of training.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

from services.training.data.templates import ChatTemplate, ChatTemplateError, open_template
from shared.datasets import Message
from shared.errors import TandemError

IGNORE_INDEX = -100  # the label that PyTorch's cross entropy leaves out


@dataclass(frozen=True)
class EncodedExample:
    """One example as token ids. `labels` equals them where the model learns, and is -100 elsewhere."""

    input_ids: list[int]
    labels: list[int]

    @property
    def num_labels(self) -> int:
        """Number of tokens that the model learns."""
        return sum(label != IGNORE_INDEX for label in self.labels)

    def truncate(self, length: int) -> "EncodedExample":
        """Return the first `length` tokens."""
        return EncodedExample(self.input_ids[:length], self.labels[:length])


class ChatEncoder:
    """A base model's tokenizer and chat template."""

    def __init__(self, tokenizer: Tokenizer, template: ChatTemplate) -> None:
        self.template = template
        self._tokenizer = tokenizer

    def encode(self, messages: Sequence[Message]) -> EncodedExample:
        """Return the chat's tokens, with labels on every assistant turn, except those with the weight 0.

        Raises:
            ChatTemplateError: if the template refuses the chat, or renders its beginning differently without its end.
        """
        text = self.template.render(messages)
        spans = [self._find_span(messages, position, text) for position, message in enumerate(messages) if message.is_learned]
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        is_labeled = [any(start <= left and right <= end for start, end in spans) for left, right in encoding.offsets]
        labels = [token if labeled else IGNORE_INDEX for token, labeled in zip(encoding.ids, is_labeled, strict=True)]
        return EncodedExample(encoding.ids, labels)

    def has_end_token(self, example: EncodedExample) -> bool:
        """Return whether the last label is the tokenizer's end token, at which the engine stops."""
        labels = [label for label in example.labels if label != IGNORE_INDEX]
        return bool(labels) and labels[-1] == self._tokenizer.token_to_id(self.template.eos_token)

    def _find_span(self, messages: Sequence[Message], position: int, text: str) -> tuple[int, int]:
        """Return where the turn at `position` begins and ends in the rendered chat."""
        before = self.template.render(messages[:position], add_generation_prompt=True)
        after = self.template.render(messages[: position + 1]).rstrip()  # the assistant does not write the newline after its end token
        if not (text.startswith(before) and text.startswith(after) and len(before) < len(after)):
            raise ChatTemplateError("the base model's chat template renders the start of this chat differently once later turns follow.")
        return len(before), len(after)


def open_encoder(folder: Path) -> ChatEncoder:
    """Return the encoder of the base model in `folder`.

    Raises:
        TandemError: if the model has no tokenizer or no chat template.
    """
    if not (folder / "tokenizer.json").exists():
        raise TandemError(f"The base model in '{folder}' has no tokenizer.json.", code="base_model_unfit")
    template = open_template(folder)
    if template is None:
        raise TandemError(f"The base model in '{folder}' has no chat template, so it cannot be trained on chats.", code="base_model_unfit")
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return ChatEncoder(tokenizer, template)
