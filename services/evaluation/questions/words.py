"""Text to normalized words, for comparing texts in any language."""

import re
import unicodedata
from collections.abc import Sequence

# Scripts that are written without spaces: kana, Chinese characters, Thai, Lao, Burmese, Khmer. Each character is a word.
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
WORD = re.compile(rf"[{UNSPACED}]|\d+(?:[.,]\d+)*|(?:(?![{UNSPACED}\d])\w)+")


def split_words(text: str) -> list[str]:
    """Return the words and numbers of `text`, with compatible characters unified (NFKC), in lowercase, without punctuation."""
    return WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def normalize(text: str) -> str:
    """Return the normalized words of `text` with single spaces."""
    return " ".join(split_words(text))


def contains_words(words: Sequence[str], part: Sequence[str]) -> bool:
    """Return whether `part`, which has at least one word, stands in `words` as a run of whole words."""
    return bool(part) and f" {' '.join(part)} " in f" {' '.join(words)} "


def find_numbers(words: Sequence[str]) -> list[str]:
    """Return the numbers among `words`, sorted."""
    return sorted(word for word in words if word[0].isdigit())
