"""Normalization of text, so that answers are compared by what they say: SQuAD's, except that numbers keep their meaning.

Source: Rajpurkar, Zhang, Lopyrev, Liang: SQuAD: 100,000+ Questions for Machine Comprehension of Text, EMNLP 2016, section 6, and its
evaluate-v1.1.py: lowercase, no punctuation, no articles. Of ASCII text without digits, `+` and `#` it makes what the script makes. Beyond
that: compatible characters are unified (NFKC), punctuation of every script is deleted, text of scripts that are written without spaces is
split into characters, `C++` and `C#` are not `C`, and numbers are read by `numbers.py`.
"""

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

from shared.graders import numbers

ARTICLES = frozenset({"a", "an", "the"})
PUNCTUATION = frozenset(string.punctuation)
# Scripts that are written without spaces between words: Thai, Lao, Myanmar, Khmer, kana, Han.
UNSPACED = re.compile(
    "([\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u1000-\u1049\u1780-\u17d3\u3005-\u3007\u3041-\u3096\u309d-\u30ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f])"
)
JOINED = re.compile(r"(?<=\d)[.:/,](?=\d)|(?<=\w)[+#]+")  # v6.5 is not v65, and C++ is not C


def normalize(text: str) -> str:
    """Return the words of `text`, in lowercase and with single spaces; text of punctuation only is kept as it is."""
    return " ".join(words(text)) or unicodedata.normalize("NFKC", text).strip().casefold()


def words(text: str) -> list[str]:
    """Return the words and numbers of `text`, normalized. A number is one word, and so is its unit: `6,500.0 Nm` is `6500 newtonmeter`."""
    return list(_words(numbers.prepare(space_out(text))))


def space_out(text: str) -> str:
    """Return `text` with a space around each character of a script that is written without spaces."""
    return text if text.isascii() else UNSPACED.sub(r" \1 ", text)


def _words(text: str) -> Iterator[str]:
    end, is_glued = 0, False
    for number in numbers.find_numbers(text):
        gap = text[end : number.start]
        yield from [numbers.TO] if number.ends_range else _plain_words(gap, is_glued)
        yield from number.words
        end, is_glued = number.end, True
    yield from _plain_words(text[end:], is_glued)


def _plain_words(text: str, is_glued: bool) -> list[str]:
    """Return the words of text without numbers. A letter that is glued to a number is no article: `1a`."""
    kept = {found.start() + offset for found in JOINED.finditer(text) for offset in range(len(found[0]))}
    without = "".join(each for place, each in enumerate(text) if place in kept or not _is_punctuation(each))
    split = without.casefold().split()
    first = split[:1] if is_glued and text[:1].isalpha() else []
    return first + [word for word in split[len(first) :] if word not in ARTICLES]


def _is_punctuation(character: str) -> bool:
    return character in PUNCTUATION or unicodedata.category(character).startswith("P")


def exact_match(text: str, accepted: str) -> float:
    """Return 1.0 if both are equal once normalized, else 0.0."""
    return float(normalize(text) == normalize(accepted))


def token_f1(text: str, accepted: str) -> float:
    """Return the harmonic mean of precision and recall of the words, each counted as often as it occurs."""
    return bag_f1(normalize(text).split(), normalize(accepted).split())


def bag_f1(first: Sequence[str], second: Sequence[str]) -> float:
    """Return the F1 of two bags of words; 1 if both are empty."""
    if not first or not second:
        return float(len(first) == len(second))
    shared = sum((Counter(first) & Counter(second)).values())
    return 2 * shared / (len(first) + len(second))


def contains_words(text: str, accepted: str) -> float:
    """Return 1.0 if the words of `accepted` occur in `text` next to each other; `65` does not occur in `165`, nor `18` in `-18`."""
    inner = normalize(accepted)
    return float(bool(inner) and f" {inner} " in f" {normalize(text)} ")
