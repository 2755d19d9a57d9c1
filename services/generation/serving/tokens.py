"""Tokens as an engine counts them, and the control tokens of its tokenizer. Needs no HTTP library."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class TokenCount:
    """The number of tokens of a prompt, and the model's window: how many tokens prompt and answer may have together.

    `ids` are the tokens, if the engine returned them.
    """

    tokens: int
    window: int
    ids: Sequence[int] = ()


def find_control_tokens(tokenizer_config: Any) -> frozenset[str]:
    """Return every token that was added to the vocabulary by name. `tokenizer_config` is what vLLM's `/tokenizer_info` returns."""
    return frozenset(_named_tokens(tokenizer_config)) if isinstance(tokenizer_config, dict) else frozenset()


def _named_tokens(config: dict[str, Any]) -> Iterator[str]:
    for name, value in config.items():
        if name == "added_tokens_decoder" and isinstance(value, dict):
            yield from _tokens(list(value.values()))
        elif name.endswith(("_token", "_special_tokens", "_tokens")):
            yield from _tokens(value)


def _tokens(value: Any) -> Iterator[str]:
    """Yield the tokens in a value: a string, an object with `content`, or a list or table of these."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _tokens(value["content"] if "content" in value else list(value.values()))
    elif isinstance(value, list):
        for each in value:
            yield from _tokens(each)
