"""Bytes to lines of text. Excel writes UTF-8 with a byte order mark, or UTF-16; everything else must be UTF-8."""

import codecs
from collections.abc import Iterable, Iterator
from itertools import chain

from shared.errors import InvalidDataset

MAX_LINE_BYTES = 8 * 1024 * 1024
TOO_LONG = "the line is longer than 8 MiB; split it, or check that each line ends with a line feed."


def read_text(lines: Iterable[bytes | str], param: str) -> Iterator[tuple[int, str | None]]:
    """Yield every line with its number, without its end; None if the line is not valid text.

    Each of `lines` is one whole line or several, with or without the line feed at its end.

    Raises:
        InvalidDataset: if a line is longer than 8 MiB.
    """
    encoded = _split(lines)
    first = next(encoded, b"")
    rest = chain([first], encoded)
    decoded = _decode_utf16(rest) if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else map(_decode_utf8, rest)
    for number, line in enumerate(decoded, start=1):
        if line is not None and len(line) > MAX_LINE_BYTES:
            raise InvalidDataset(number, TOO_LONG, param=param)
        text = line.removeprefix("\ufeff") if line and number == 1 else line
        yield number, text.rstrip("\r\n") if text is not None else None


def _split(lines: Iterable[bytes | str]) -> Iterator[bytes]:
    """Yield single lines without their line feeds."""
    for line in lines:
        encoded = line.encode(errors="surrogatepass") if isinstance(line, str) else line
        yield from encoded.removesuffix(b"\n").split(b"\n")


def _decode_utf8(line: bytes) -> str | None:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _decode_utf16(lines: Iterable[bytes]) -> Iterator[str]:
    """Yield the lines of UTF-16 text that was split at the byte of a line feed, which is only a half of it."""
    decoder = codecs.getincrementaldecoder("utf-16")(errors="replace")
    pending, separator = "", b""
    for line in lines:
        *complete, pending = (pending + decoder.decode(separator + line)).split("\n")
        yield from complete
        separator = b"\n"
    yield pending
