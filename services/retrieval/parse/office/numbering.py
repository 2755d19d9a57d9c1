"""The numbers of list items and headings in Word documents. The text does not contain them, so they are counted as Word does."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from services.retrieval.parse.archive import attribute, local_name

BULLET = "-"
MAX_LEVEL = 8
ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)


def _roman(number: int) -> str:
    text = ""
    for value, letters in ROMAN:
        text += letters * (min(number, 4999) // value)
        number = number % value if number >= value else number
    return text


def _letters(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * min(10, (number - 1) // 26 + 1)


FORMATS: dict[str, Callable[[int], str]] = {
    "lowerLetter": _letters, "upperLetter": lambda number: _letters(number).upper(),
    "lowerRoman": _roman, "upperRoman": lambda number: _roman(number).upper(),
}  # fmt: skip


@dataclass(frozen=True)
class Level:
    """How items of a level are numbered: the format, the first number, and a template in which `%1.%2` are the numbers of the levels."""

    format: str
    template: str
    start: int


Levels = dict[int, Level]


class Numbering:
    """Counts the items of a document's lists, in the order of the calls."""

    def __init__(self, numbering: Any, styles: Any) -> None:
        """Read the roots of `word/numbering.xml` and `word/styles.xml`; None if the document has no such part."""
        self._lists: dict[str, tuple[str, Levels]] = dict(_read_lists(numbering)) if numbering is not None else {}
        self._styles = {attribute(each, "styleId"): each for each in styles} if styles is not None else {}
        self._counts: dict[str, dict[int, int]] = {}

    def next_marker(self, paragraph: Any, style: str) -> tuple[int, str] | None:
        """Count a paragraph; return its level (from 0) and marker (`-`, `2.`, `b)`), None if it is no item. `style` is its style's id."""
        id, level = self._find_list(paragraph, style)
        if id not in self._lists:
            return None
        key, levels = self._lists[id]
        counts = self._counts.setdefault(key, {})
        for deeper in [each for each in counts if each > level]:
            del counts[deeper]
        counts[level] = counts.get(level, levels[level].start - 1 if level in levels else 0) + 1
        return level, _format_marker(levels, counts, level)

    def _find_list(self, paragraph: Any, style: str) -> tuple[str, int]:
        """Return the list and the level, from the paragraph, else from its style or a style that this is based on."""
        id, level = _read_numbering(paragraph)
        for _ in range(MAX_LEVEL):
            if id or style not in self._styles:
                break
            id, own_level = _read_numbering(self._styles[style])
            level = own_level if level is None else level
            style = _value(self._styles[style].find("{*}basedOn"))
        return id, min(level or 0, MAX_LEVEL)


def _read_numbering(element: Any) -> tuple[str, int | None]:
    level = _value(element.find("{*}pPr/{*}numPr/{*}ilvl"))
    return _value(element.find("{*}pPr/{*}numPr/{*}numId")), int(level) if level.isdigit() else None


def _value(element: Any) -> str:
    return attribute(element, "val") if element is not None else ""


def _read_lists(root: Any) -> Iterator[tuple[str, tuple[str, Levels]]]:
    """Yield each list's id, the key of the counter that it may share with other lists, and its levels."""
    kinds = {attribute(each, "abstractNumId"): dict(_read_levels(each)) for each in root if local_name(each) == "abstractNum"}
    for each in root:
        if local_name(each) == "num":
            id, kind = attribute(each, "numId"), _value(each.find("{*}abstractNumId"))
            yield id, (id if each.find("{*}lvlOverride") is not None else f"kind {kind}", kinds.get(kind, {}))


def _read_levels(kind: Any) -> Iterator[tuple[int, Level]]:
    for each in kind.iterfind("{*}lvl"):
        number, start = attribute(each, "ilvl"), _value(each.find("{*}start"))
        if number.isdigit():
            template = _value(each.find("{*}lvlText"))
            yield int(number), Level(_value(each.find("{*}numFmt")), template, int(start) if start.isdigit() else 1)


def _format_marker(levels: Levels, counts: dict[int, int], level: int) -> str:
    own = levels.get(level)
    if own is None or own.format in ("bullet", "none", ""):
        return BULLET
    marker = own.template
    for each in range(level + 1):
        format = FORMATS.get(levels[each].format if each in levels else "", str)
        marker = marker.replace(f"%{each + 1}", format(counts.get(each, 1)))
    return marker.strip() or BULLET
