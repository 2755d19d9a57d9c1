"""The control tokens of a model, out of what the engine tells of its tokenizer (`/tokenizer_info`: its configuration)."""

from collections.abc import Iterator
from typing import Any


def control_tokens(told: Any) -> frozenset[str]:
    """Return every token that was added to the vocabulary by name; none where nothing is told."""
    return frozenset(_named(told)) if isinstance(told, dict) else frozenset()


def _named(told: dict[str, Any]) -> Iterator[str]:
    for name, value in told.items():
        if name == "added_tokens_decoder" and isinstance(value, dict):
            yield from _texts(list(value.values()))
        elif name.endswith(("_token", "_special_tokens", "_tokens")):
            yield from _texts(value)


def _texts(value: Any) -> Iterator[str]:
    """Yield the tokens in a value: a text, an object with `content`, or a list or table of such."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _texts(value["content"] if "content" in value else list(value.values()))
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
