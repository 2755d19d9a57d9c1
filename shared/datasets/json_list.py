"""A JSON list as the texts of its elements, one at a time, so that memory does not grow with the list. It does not know what they are."""

import re
from collections.abc import Iterable, Iterator

from shared.datasets.text_lines import MAX_LINE_BYTES
from shared.errors import InvalidDataset

# A string, or a single quote that begins one without an end, or a bracket. The groups are possessive, so a missing quote costs no time.
TOKEN = re.compile(r'"(?>[^"\\]+|\\.)*+"|["{}\[\]]')
REST_OF_STRING = re.compile(r'(?>[^"\\]+|\\.)*+')
BETWEEN = re.compile(r"\s*,\s*")
SEPARATE = "the list cannot be read from here on; write objects in braces, with a comma between two of them."
ENDLESS = "the list does not end: a bracket or a brace is missing, or the file was cut off."
BROKEN_STRING = "the list cannot be read from here on: a string does not end in its line; write a line break in a string as \\n."
AFTER = "there is text after the end of the list; delete it, or move it into the list."
ENCODING = "the line is not valid UTF-8; save the file as UTF-8."
TOO_LONG = "the element of the list that begins here is longer than 8 MiB; split it, or check its braces and quotes."


def split_list(lines: Iterable[tuple[int, str | None]], param: str) -> Iterator[tuple[int, str]]:
    """Yield each object or list in a list with the number of the line that it begins in. The first line begins with `[`.

    A long line may come in parts, which have the same number.

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
        self._line = self._depth = self._start = self._size = 0
        self._is_first, self._is_over, self._in_string = True, False, False
        self._backslashes = ""  # at the end of a part, because the last may belong to the character after it
        self._parts: list[str] = []  # of an element, or of what is between two

    def read(self, number: int, text: str) -> Iterator[tuple[int, str]]:
        """Yield the elements that end in a line, or in a part of it."""
        if number != self._line:
            self._begin_line(number)
        text = self._backslashes + text
        complete = text.rstrip("\\")
        self._backslashes = text[len(complete) :]
        yield from self._read_tokens(number, complete)

    def finish(self, number: int) -> None:
        """Check that the list has ended. `number` is the last line."""
        self._begin_line(number)
        if not self._is_over:
            self._fail(self._start if self._depth > 1 else number, ENDLESS)
        if self._take("").strip():
            self._fail(number, AFTER)

    def _begin_line(self, number: int) -> None:
        if self._in_string:
            self._fail(self._line, BROKEN_STRING)
        if self._line:
            self._keep(self._line, self._backslashes + "\n")
        self._line, self._backslashes = number, ""

    def _read_tokens(self, number: int, text: str) -> Iterator[tuple[int, str]]:
        position = 0
        for token in TOKEN.finditer(text, self._leave_string(text)):
            if token[0] == '"':
                self._in_string = True
                break
            if len(token[0]) > 1:
                continue
            if token[0] in "{[":
                position = self._open(number, text, position, token)
                continue
            self._depth -= 1
            if self._depth == 1:
                yield self._start, self._take_element(text[position : token.end()])
                position = token.end()
            elif self._depth == 0:
                self._close(number, text[position : token.start()])
                position = token.end()
        self._keep(number, text[position:])

    def _leave_string(self, text: str) -> int:
        """Return where the string ends that began in an earlier part of the line."""
        if not self._in_string:
            return 0
        match = REST_OF_STRING.match(text)
        end = match.end() if match else 0
        self._in_string = end == len(text)
        return end if self._in_string else end + 1

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
        self._size += len(part)
        if self._size + len(self._backslashes) > MAX_LINE_BYTES:
            self._fail(self._start if self._depth > 1 else number, TOO_LONG if self._depth > 1 else SEPARATE)

    def _take(self, last: str) -> str:
        """Return what was kept since the last call, and `last`."""
        text = "".join([*self._parts, last])
        self._parts, self._size = [], 0
        return text

    def _take_element(self, last: str) -> str:
        if self._size + len(last) > MAX_LINE_BYTES:
            self._fail(self._start, TOO_LONG)
        return self._take(last)

    def _fail(self, number: int, problem: str) -> None:
        raise InvalidDataset(number, problem, param=self._param)
