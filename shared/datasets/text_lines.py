"""Bytes to lines of text. Excel writes UTF-8 with a byte order mark, or UTF-16; everything else must be UTF-8."""

import codecs
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain
from typing import BinaryIO

from shared.errors import InvalidDataset

MAX_LINE_BYTES = 8 * 1024 * 1024
PART_BYTES = 256 * 1024
CHUNK_BYTES = 64 * 1024
TOO_LONG = "the line is longer than 8 MiB; split it, or check that each line ends with a line feed."
UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class LinePart(bytes):
    """A part of a line that goes on in the next item. Only the lines of a JSON list have parts, because such a file may be one line."""


def read_chunks(file: BinaryIO) -> Iterator[bytes]:
    """Yield the content of a file."""
    return iter(partial(file.read, CHUNK_BYTES), b"")


def split_lines(chunks: Iterable[bytes], param: str) -> Iterator[bytes]:
    """Yield lines without their line feeds; a long line of a JSON list in parts. Text in UTF-16 becomes UTF-8.

    Only a line feed ends a line of JSONL; other Unicode line ends may be part of a string.

    Raises:
        InvalidDataset: if a line is longer than 8 MiB, and the file is not a JSON list.
    """
    pending, count, start = b"", 0, b""
    for chunk in _encode_utf8(chunks):
        *lines, pending = (pending + chunk).split(b"\n")
        count += len(lines)
        yield from lines
        start = start or _find_start(chain(lines, [pending]))
        if start == b"[":
            *parts, pending = _cut(pending)
            yield from parts
        elif len(pending) > MAX_LINE_BYTES:
            raise InvalidDataset(count + 1, TOO_LONG, param=param)
    if pending:
        yield pending


def read_text(lines: Iterable[bytes | str], param: str) -> Iterator[tuple[int, str | None]]:
    """Yield every line with its number, without its end; None if the line is not valid text.

    Each of `lines` is one whole line or several, with or without the line feed at its end, or a part of a line. A long line of a
    JSON list is yielded in parts, each with the number of the line.

    Raises:
        InvalidDataset: if a line is longer than 8 MiB, and the file is not a JSON list.
    """
    encoded = _split(lines)
    first = next(encoded, b"")
    rest: Iterable[bytes] = chain([first], encoded)
    if first.startswith(UTF_16_MARKS):
        rest = _split(_decode_utf16(rest))
    for number, line in _decode_utf8(rest):
        if line is not None and len(line) > MAX_LINE_BYTES:
            raise InvalidDataset(number, TOO_LONG, param=param)
        yield number, line


def _encode_utf8(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the chunks of a file; if it begins with the byte order mark of UTF-16, encoded as UTF-8."""
    rest, start = iter(chunks), b""
    while len(start) < 2 and (chunk := next(rest, b"")):
        start += chunk
    if not start.startswith(UTF_16_MARKS):
        yield from chain([start], rest)
        return
    decoder = codecs.getincrementaldecoder("utf-16")(errors="replace")
    for chunk in chain([start], rest):
        yield decoder.decode(chunk).encode()
    yield decoder.decode(b"", final=True).encode()


def _split(lines: Iterable[bytes | str]) -> Iterator[bytes]:
    """Yield single lines without their line feeds, and the long lines of a JSON list in parts."""
    start = b""
    for line in lines:
        encoded = line.encode(errors="surrogatepass") if isinstance(line, str) else line
        start = start or _find_start([encoded])
        if isinstance(line, LinePart):
            yield line
            continue
        for each in encoded.removesuffix(b"\n").split(b"\n"):
            yield from _cut(each) if start == b"[" else [each]


def _find_start(lines: Iterable[bytes]) -> bytes:
    """Return the first byte that is neither white space nor of a UTF-8 byte order mark; nothing if there is none yet."""
    for line in lines:
        text = line.removeprefix(codecs.BOM_UTF8).lstrip()
        if text and not codecs.BOM_UTF8.startswith(text):
            return text[:1]
    return b""


def _cut(line: bytes) -> Iterator[bytes]:
    """Yield a line in parts, and at last what remains of it. A part does not end inside a character."""
    start = 0
    while len(line) - start > PART_BYTES:
        end = start + PART_BYTES
        while line[end] & 0xC0 == 0x80 and end > start + PART_BYTES - 4:
            end -= 1
        yield LinePart(line[start:end])
        start = end
    yield line[start:]


def _decode_utf8(lines: Iterable[bytes]) -> Iterator[tuple[int, str | None]]:
    """Yield lines and parts with the numbers of their lines."""
    number, mark = 1, "\ufeff"
    for line in lines:
        try:
            text = line.decode("utf-8").removeprefix(mark)
            yield number, text if isinstance(line, LinePart) else text.rstrip("\r\n")
        except UnicodeDecodeError:
            yield number, None
        number, mark = number + (not isinstance(line, LinePart)), ""


def _decode_utf16(lines: Iterable[bytes]) -> Iterator[str]:
    """Yield the lines of UTF-16 text that was split at the byte of a line feed, which is only a half of it."""
    decoder = codecs.getincrementaldecoder("utf-16")(errors="replace")
    pending, separator = "", b""
    for line in lines:
        *complete, pending = (pending + decoder.decode(separator + line)).split("\n")
        yield from (each.rstrip("\r") for each in complete)
        separator = b"\n"
    yield pending.rstrip("\r")
