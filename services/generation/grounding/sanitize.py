"""Takes from a document's text whatever would be structure in a prompt: control tokens, the fence around passages, their numbers.

A space is put behind the first character, so nothing is lost and no token of a tokenizer comes about. What a document *says* in plain words
is not touched; no rewriting keeps a model from believing it.
"""

import re
from collections.abc import Collection
from functools import lru_cache

LESS, BAR, MORE = "[<\uff1c\ufe64]", "[|\uff5c\u2502]", "[>\uff1e\ufe65]"  # full-width and small forms, which some tokenizers fold
# `<|im_start|>` and its kind (ChatML, Llama 3, Phi, DeepSeek); names with an underscore (Gemma's turns, `<repo_name>`, `<extra_id_0>`);
# names that tokenizers use; Llama 2's and Mistral's marks. Every repetition is bounded, so that time grows with the text alone.
ANGLED = re.compile(
    rf"{LESS}(?={BAR}[^\s<>]{{1,64}}{BAR}{MORE}|/?(?:[a-z]{{1,32}}\d{{0,4}}(?:_[a-z0-9]{{1,32}}){{1,6}}|s|bos|eos|pad|unk|cls|sep|mask|think|tools|"
    rf"image|video|audio|filename|reponame|unused\d{{1,4}}){MORE}|{LESS}?/?SYS{MORE}{MORE})",
    re.IGNORECASE,
)
SQUARE = re.compile(r"\[(?=/?(?:INST|IMG|PREFIX|SUFFIX|MIDDLE|THINK|[gs]?MASK|CLS|SEP|PAD|UNK|BOS|EOS|[A-Z]{1,32}(?:_[A-Z]{1,32}){1,4})\])")
FENCE = re.compile(rf"{LESS}(?=/?\s{{0,8}}passages?\b)", re.IGNORECASE)
NUMBER = re.compile(r"\[(?=\d{1,3}(?:\s{0,2}[,;]\s{0,2}\d{1,3}){0,16}\])")


def neutralise(text: str, tokens: Collection[str] = ()) -> str:
    """Return `text` without control tokens, those of common templates and `tokens`, without the fence and without marks like `[1]`."""
    text = NUMBER.sub(_apart, FENCE.sub(_apart, text))
    return without_controls(text, tokens)


def without_controls(text: str, tokens: Collection[str] = ()) -> str:
    """Return `text` without control tokens."""
    text = SQUARE.sub(_apart, ANGLED.sub(_apart, text))
    return _pattern(frozenset(tokens)).sub(_apart, text) if tokens else text


def has_controls(text: str, tokens: Collection[str] = ()) -> bool:
    """Return whether a tokenizer would take a part of `text` for a control token."""
    return without_controls(text, tokens) != text


def _apart(match: re.Match[str]) -> str:
    return f"{match.group()} "


@lru_cache(maxsize=32)
def _pattern(tokens: frozenset[str]) -> re.Pattern[str]:
    """Return what finds the first character of each token. Words and runs of spaces, which some tokenizers add, are left alone."""
    marked = [token for token in tokens if len(token) > 1 and re.search(r"[^\w\s]", token)]
    longest_first = sorted(marked, key=lambda token: (-len(token), token))
    return re.compile("|".join(f"{re.escape(token[0])}(?={re.escape(token[1:])})" for token in longest_first) or r"(?!)")
