"""Finds the numbers and names in a passage that a question can ask for, so that a constrained model can only choose one of them."""

import re

from shared.contracts.datasets import Kind

MAX_CANDIDATES = 40  # a long list makes a grammar large, and is no choice any more
NUMBER = re.compile(
    r"(?<![\w.,:/-])[-\u2212+]?\d+(?:[.,:/]\d+)*(?:(?P<unit>\s?(?:[%\u2030\u20ac$\u00a3]|\u00b0\s?[CF]?|[^\W\d_]{1,14}(?:/[^\W\d_]{1,4})?)))?(?![\w-])"
)
NAME = re.compile(r"\b[A-Z][\w'\u2019-]*(?:[ \u00a0](?:(?:of|the|de|von|van) )?[A-Z0-9][\w'\u2019-]*){0,5}")
SENTENCE_END = re.compile(r"[.!?:;\n|*#\"\u201c(-]\s*$")
NO_UNITS = frozenset({
    "a", "an", "and", "are", "as", "at", "be", "but", "by", "can", "for", "from", "has", "have", "if", "in", "is", "it", "may",
    "must", "no", "not", "of", "on", "or", "so", "than", "that", "the", "then", "there", "they", "this", "to", "was", "were",
    "when", "which", "with", "und", "oder", "der", "die", "das", "mit", "et", "ou", "de", "la", "le", "les", "des", "y", "o",
    "el", "los", "en", "e",
})  # fmt: skip


def find_candidates(text: str, kind: Kind) -> list[str]:
    """Return what a question of this kind may have as its answer, in order; none if any answer may do."""
    found = {"number": _find_numbers, "name": _find_names}.get(kind)
    return list(dict.fromkeys(found(text)))[:MAX_CANDIDATES] if found else []


def _find_numbers(text: str) -> list[str]:
    """Return the numbers with the word after them, which is mostly the unit or what is counted."""
    return [_without_odd_unit(match) for match in NUMBER.finditer(text)]


def _without_odd_unit(match: re.Match[str]) -> str:
    unit = match["unit"] or ""
    return match[0].removesuffix(unit) if unit.strip().casefold() in NO_UNITS else match[0]


def _find_names(text: str) -> list[str]:
    """Return the runs of words with capitals, but for a single word that only begins a sentence."""
    names = [(match[0].removeprefix("The "), match.start()) for match in NAME.finditer(text)]
    return [name for name, start in names if len(name) > 2 and (" " in name or not _begins_sentence(text, start))]


def _begins_sentence(text: str, position: int) -> bool:
    return position == 0 or SENTENCE_END.search(text[max(0, position - 3) : position]) is not None
