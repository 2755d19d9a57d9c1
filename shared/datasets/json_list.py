"""A JSON list as the texts of its elements, one at a time, so that memory does not grow with the list. It does not know what they are."""

import re
from collections.abc import Iterable, Iterator

from shared.datasets.text_lines import MAX_LINE_BYTES
from shared.errors import InvalidDataset

# A string, or a single quote that begins one without an end, or a bracket. The groups are possessive, so a missing quote costs no time.
TOKEN = re.compile(r'"(?>[^"\\]+|\\.)*+"|["{}\[\]]')
BETWEEN = re.compile(r"\s*,\s*")
SEPARATE = "the list cannot be read from here on; write objects in braces, with a comma between two of them."
ENDLESS = "the list does not end: a bracket or a brace is missing, or the file was cut off."
BROKEN_STRING = "the list cannot be read from here on: a string does not end in its line; write a line break in a string as \\n."
AFTER = "there is text after the end of the list; delete it, or move it into the list."
ENCODING = "the line is not valid UTF-8; save the file as UTF-8."
TOO_LONG = "the element of the list that begins here is longer than 8 MiB; split it, or check its braces and quotes."


def split_list(lines: Iterable[tuple[int, str | None]], param: str) -> Iterator[tuple[int, str]]:
    """Yield each object or list in a list with the number of the line that it begins in. The first line begins with `[`.

    Raises:
        InvalidDataset: if the rest cannot be read. An element may have other mistakes, which whoever parses it will find.
    """
    reader, number = _Reader(param), 0
    for number, text in lines:
        if text is None:
            raise InvalidDataset(number, ENCODING, param=param)
        yield from reader.read(number, text)
    reader.finish(number)


class _Reader:
    """Where in the list the reading is."""

    def __init__(self, param: str) -> None:
        self._param = param
        self._depth = self._start = self._size = 0
        self._is_first, self._is_over = True, False
        self._parts: list[str] = []  # of an element, or of what is between two

    def read(self, number: int, text: str) -> Iterator[tuple[int, str]]:
        """Yield the elements that end in a line."""
        position = 0
        for token in TOKEN.finditer(text):
            if token[0] == '"':
                self._fail(number, BROKEN_STRING)
            if len(token[0]) > 1:
                continue
            if token[0] in "{[":
                position = self._open(number, text, position, token)
            else:
                self._depth -= 1
                if self._depth == 1:
                    yield self._start, self._take(text[position : token.end()])
                    position = token.end()
                elif self._depth == 0:
                    self._close(number, text[position : token.start()])
                    position = token.end()
        self._keep(number, text[position:])

    def finish(self, number: int) -> None:
        """Check that the list has ended. `number` is the last line."""
        if not self._is_over:
            self._fail(self._start if self._depth > 1 else number, ENDLESS)
        if self._take("").strip():
            self._fail(number, AFTER)

    def _open(self, number: int, text: str, position: int, token: "re.Match[str]") -> int:
        """Go into the list or an element of it; return where what follows begins."""
        if self._is_over:
            self._fail(number, AFTER)
        self._depth += 1
        if self._depth == 1:
            return token.end()
        if self._depth > 2:
            return position
        between = self._take(text[position : token.start()])
        if between.strip() if self._is_first else not BETWEEN.fullmatch(between):
            self._fail(number, SEPARATE)
        self._is_first, self._start = False, number
        return token.start()

    def _close(self, number: int, before: str) -> None:
        if self._take(before).strip():
            self._fail(number, SEPARATE)
        self._is_over = True

    def _keep(self, number: int, part: str) -> None:
        self._parts.append(part)
        self._size += len(part) + 1
        if self._size > MAX_LINE_BYTES:
            self._fail(self._start if self._depth > 1 else number, TOO_LONG if self._depth > 1 else SEPARATE)

    def _take(self, last: str) -> str:
        """Return what was kept since the last call, and `last`."""
        parts, self._parts, self._size = self._parts, [], 0
        return "\n".join([*parts, last])

    def _fail(self, number: int, problem: str) -> None:
        raise InvalidDataset(number, problem, param=self._param)
