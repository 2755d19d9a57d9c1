"""Breaks everything in a document's text that could act as structure of a prompt: control tokens, the fence around passages, their numbers.

A space is inserted after the first character, so nothing is lost and no tokenizer makes a control token of it. What a document *says* in
plain words is kept, because no rewriting keeps a model from believing it.
"""

import re
from collections.abc import Collection
from functools import lru_cache

LESS_THAN, BAR, GREATER_THAN = (
    "[<\uff1c\ufe64]",
    "[|\uff5c\u2502]",
    "[>\uff1e\ufe65]",
)  # full-width and small forms, which some tokenizers fold
# `<|im_start|>` and similar tokens (ChatML, Llama 3, Phi, DeepSeek); names with an underscore (Gemma's turns, `<repo_name>`,
# `<extra_id_0>`); other names that tokenizers use; Llama 2's and Mistral's marks. Every repetition is bounded, so that the time is linear
# in the length of the text.
ANGLED = re.compile(
    rf"{LESS_THAN}(?={BAR}[^\s<>]{{1,64}}{BAR}{GREATER_THAN}|/?(?:[a-z]{{1,32}}\d{{0,4}}(?:_[a-z0-9]{{1,32}}){{1,6}}|s|bos|eos|pad|unk|cls|sep|mask|think|tools|"
    rf"image|video|audio|filename|reponame|unused\d{{1,4}}){GREATER_THAN}|{LESS_THAN}?/?SYS{GREATER_THAN}{GREATER_THAN})",
    re.IGNORECASE,
)
SQUARE = re.compile(r"\[(?=/?(?:INST|IMG|PREFIX|SUFFIX|MIDDLE|THINK|[gs]?MASK|CLS|SEP|PAD|UNK|BOS|EOS|[A-Z]{1,32}(?:_[A-Z]{1,32}){1,4})\])")
FENCE = re.compile(rf"{LESS_THAN}(?=/?\s{{0,8}}passages?\b)", re.IGNORECASE)
NUMBER = re.compile(r"\[(?=\d{1,3}(?:\s{0,2}[,;]\s{0,2}\d{1,3}){0,16}\])")


def sanitize(text: str, control_tokens: Collection[str] = ()) -> str:
    """Return `text` without control tokens (those of common templates and `control_tokens`), without the fence and marks such as `[1]`."""
    text = NUMBER.sub(_split, FENCE.sub(_split, text))
    return split_control_tokens(text, control_tokens)


def split_control_tokens(text: str, control_tokens: Collection[str] = ()) -> str:
    """Return `text` with a space inside every control token."""
    text = SQUARE.sub(_split, ANGLED.sub(_split, text))
    return _pattern(frozenset(control_tokens)).sub(_split, text) if control_tokens else text


def has_control_tokens(text: str, control_tokens: Collection[str] = ()) -> bool:
    """Return whether a tokenizer would read a part of `text` as a control token."""
    return split_control_tokens(text, control_tokens) != text


def _split(match: re.Match[str]) -> str:
    return f"{match.group()} "


@lru_cache(maxsize=32)
def _pattern(control_tokens: frozenset[str]) -> re.Pattern[str]:
    """Return a pattern for the first character of each token. It leaves words and runs of spaces alone, which some tokenizers add."""
    tokens = [token for token in control_tokens if len(token) > 1 and re.search(r"[^\w\s]", token)]
    longest_first = sorted(tokens, key=lambda token: (-len(token), token))
    return re.compile("|".join(f"{re.escape(token[0])}(?={re.escape(token[1:])})" for token in longest_first) or r"(?!)")
