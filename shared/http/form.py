"""Reads multipart/form-data in pieces of any size, and gives the bytes of each part to its target (RFC 7578, RFC 2046).

The only module that uses python-multipart. It knows no names of parts besides those of its targets.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Protocol
from urllib.parse import unquote_to_bytes

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError

from shared.errors import InvalidRequest
from shared.validation.codes import LENGTHS, MISSING, UNKNOWN_PARAMETER
from shared.validation.shorten import shorten

MEDIA_TYPE = b"multipart/form-data"
MAX_BOUNDARY = 70  # RFC 2046, 5.1.1
MAX_HEADER_BYTES = 16 * 1024
MAX_FIELD_BYTES = 4096
TOO_LONG = LENGTHS["string_too_long"]
PARAMETER = rb';[ \t]*(?P<key>[!#$%&\'*+.^_`|~\w-]+)[ \t]*=[ \t]*+(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<plain>[^\s;"]*))[ \t]*'
PARAMETERS = re.compile(PARAMETER, re.DOTALL)
UNNAMED = re.sub(rb"\?P<\w+>", b"?:", PARAMETER)
ENCODED = re.compile(rb"(?P<charset>[^']*)'[^']*'(?P<value>.*)", re.DOTALL)
BROKEN_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
CHARSETS = {"utf-8": "UTF-8", "iso-8859-1": "ISO-8859-1"}
DISPOSITION = re.compile(rb"form-data[ \t]*(?P<parameters>(?:" + UNNAMED + rb")*);?", re.DOTALL | re.IGNORECASE)


class Target(Protocol):
    """What becomes of the bytes of one part."""

    def start(self, sent_name: bytes | None) -> None:
        """Take the part's filename as it was sent, if it has one."""

    def write(self, data: memoryview) -> None:
        """Take the next bytes."""

    def finish(self) -> None:
        """Note that the part is complete."""


class FieldPart:
    """A target for a short text. `finished` says whether it arrived completely."""

    def __init__(self, name: str) -> None:
        self.finished = False
        self._name = name
        self._bytes = b""

    @property
    def text(self) -> str:
        """The text; what is not UTF-8 in it is replaced."""
        return self._bytes.decode("utf-8", "replace")

    def start(self, _: bytes | None) -> None:
        """Do nothing: a field needs no filename."""

    def write(self, data: memoryview) -> None:
        """Append `data`. Raises InvalidRequest at the limit."""
        self._bytes += data
        if len(self._bytes) > MAX_FIELD_BYTES:
            problem = f"'{self._name}' must have at most {MAX_FIELD_BYTES} bytes."
            raise InvalidRequest(problem, param=self._name, code=TOO_LONG)

    def finish(self) -> None:
        """Note that the text is complete."""
        self.finished = True


class FormReader:
    """Reads one form. Each target may occur once; other parts are errors. What comes before the first part and after the last is skipped.

    `required` are the parts that an error about the whole body asks for. Every method raises InvalidRequest if the form is wrong.
    """

    def __init__(self, content_type: str | None, targets: Mapping[str, Target], required: Sequence[str]) -> None:
        self._required = required
        boundary = _boundary(content_type, required)
        self._targets = dict(targets)
        self._left = set(targets)
        self._delimiter = b"\r\n--" + boundary
        self._preamble: bytes | None = b"\r\n"  # the first delimiter may be the start of the body, without a line break before it
        self._key, self._value = b"", b""
        self._disposition: dict[bytes, bytes] = {}
        self._target: Target | None = None
        callbacks = {name: getattr(self, f"_{name}") for name in CALLBACKS}
        self._parser = MultipartParser(boundary, callbacks, max_header_size=MAX_HEADER_BYTES)  # type: ignore[arg-type]

    def write(self, data: bytes) -> None:
        """Read the next piece of the body."""
        if self._preamble is not None:
            data = self._skip_preamble(self._preamble + data)
        try:
            self._parser.write(data)
        except FormParserError as error:
            raise _malformed(self._required) from error

    def _skip_preamble(self, data: bytes) -> bytes:
        start = data.find(self._delimiter)
        self._preamble = None if start >= 0 else data[-len(self._delimiter) :]
        return data[start + 2 :] if start >= 0 else b""

    def _on_part_begin(self) -> None:
        self._disposition, self._target = {}, None

    def _on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._key += data[start:end]

    def _on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_header_end(self) -> None:
        if self._key.lower() == b"content-disposition":
            self._disposition = _read_disposition(self._value)
        self._key, self._value = b"", b""

    def _on_headers_finished(self) -> None:
        if b"name" not in self._disposition:
            raise _nameless()
        name = self._disposition[b"name"].decode("utf-8", "replace")
        if name not in self._targets:
            accepted = ", ".join(f"'{each}'" for each in self._targets)
            problem = f"The form has an unknown part '{name}'. It may have the parts {accepted}."
            raise InvalidRequest(problem, param=name, code=UNKNOWN_PARAMETER)
        if name not in self._left:
            raise InvalidRequest(f"The form has more than one part '{name}'. Send it once.", param=name)
        self._left.discard(name)
        self._target = self._targets[name]
        self._target.start(_read_filename(self._disposition, name))

    def _on_part_data(self, data: bytes, start: int, end: int) -> None:
        if self._target is not None:
            self._target.write(memoryview(data)[start:end])

    def _on_part_end(self) -> None:
        if self._target is not None:
            self._target.finish()


CALLBACKS = ("on_part_begin", "on_header_field", "on_header_value", "on_header_end", "on_headers_finished", "on_part_data", "on_part_end")


def _boundary(content_type: str | None, required: Sequence[str]) -> bytes:
    media_type, _, parameters = (content_type or "").encode("latin-1", "replace").partition(b";")
    found = {match["key"].lower(): _value(match) for match in PARAMETERS.finditer(b";" + parameters)}
    boundary = found.get(b"boundary", b"")
    if media_type.strip().lower() != MEDIA_TYPE or not 0 < len(boundary) <= MAX_BOUNDARY:
        raise _malformed(required)
    return boundary


def _read_disposition(header: bytes) -> dict[bytes, bytes]:
    """Return the parameters of a Content-Disposition."""
    found = DISPOSITION.fullmatch(header.strip())
    if found is None:
        raise _nameless()
    return {match["key"].lower(): _value(match) for match in PARAMETERS.finditer(found["parameters"])}


def _read_filename(disposition: Mapping[bytes, bytes], part: str) -> bytes | None:
    """Return the filename of a part, None if it has none. `filename*` takes precedence over `filename`, unless it cannot be read."""
    plain, encoded = disposition.get(b"filename"), disposition.get(b"filename*")
    if encoded is None:
        return plain
    try:
        return _decode_extended(encoded)
    except ValueError as problem:
        if plain is not None:
            return plain
        message = f"The 'filename*' of the part '{part}' cannot be read: {problem}."
        raise InvalidRequest(f"{message} Send it as UTF-8''<name>, with the name percent-encoded.", param=part) from problem


def _decode_extended(encoded: bytes) -> bytes:
    """Return the text of an extended parameter, such as `iso-8859-1'en'caf%E9.txt`, in UTF-8 (RFC 8187; RFC 5987 has ISO-8859-1 too).

    Raises:
        ValueError: if it cannot be read; its text says why.
    """
    found = ENCODED.fullmatch(encoded)
    if found is None:
        raise ValueError("it does not have the form <charset>'<language>'<name>")
    charset = found["charset"].decode("latin-1")
    if charset.lower() not in CHARSETS:
        raise ValueError(f"its charset '{shorten(charset)}' is not {' or '.join(CHARSETS.values())}")
    if BROKEN_ESCAPE.search(found["value"]):
        raise ValueError("it has a '%' without two hexadecimal digits after it")
    try:
        return unquote_to_bytes(found["value"]).decode(charset).encode()
    except UnicodeDecodeError as error:
        raise ValueError(f"it is not {CHARSETS[charset.lower()]}") from error


def _value(parameter: "re.Match[bytes]") -> bytes:
    quoted = parameter["quoted"]
    # Only quotes and backslashes are escaped: `C:\texts` of a client that escapes nothing stays as it is.
    return parameter["plain"] if quoted is None else re.sub(rb'\\(["\\])', rb"\1", quoted)


def _nameless() -> InvalidRequest:
    header = 'Content-Disposition: form-data; name="…"'
    return InvalidRequest(f"A part of the form has no valid header '{header}'. Send one, and close its quotation marks on the same line.")


def incomplete(name: str, required: Sequence[str]) -> InvalidRequest:
    """Return the error of a form without the part `name`, which is one of those that it must have."""
    problem = f"The form has no complete part '{name}'. Send the parts {_join(required)}."
    return InvalidRequest(problem, param=name, code=MISSING)


def _join(names: Sequence[str]) -> str:
    return " and ".join(f"'{name}'" for name in names)


def _malformed(required: Sequence[str]) -> InvalidRequest:
    return InvalidRequest(f"The body is not valid multipart/form-data. Send a form with the parts {_join(required)}.")
