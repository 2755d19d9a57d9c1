"""Bytes to text. The encoding is found by its byte order mark, by the positions of zero bytes, or as UTF-8; else it is guessed
(`guess.py`), and a note says so.
"""

import codecs
import io
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO

from services.retrieval.parse.document import InvalidFile
from services.retrieval.parse.text.guess import SAMPLE_BYTES, display_name, guess_encoding

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
BLOCK_BYTES = 1024 * 1024
CHECKED_LENGTH = 4096  # the characters at the beginning that are checked for binary data
# Encodings with several bytes per character: which bytes are zero in most characters, or (two bytes) in spaces and line ends, and which
# is hardly ever zero.
WIDE = (("utf-32-le", 4, (2, 3), 0), ("utf-32-be", 4, (0, 1), 3), ("utf-16-le", 2, (1,), 0), ("utf-16-be", 2, (0,), 1))
MIN_ZERO_SHARE = 0.02
MIN_PRINTABLE_SHARE = 0.98
# Text may have stray zero bytes, or be padded with some; binary data has more of them, or other control characters.
MAX_NULL_SHARE = 0.3
MAX_CONTROL_SHARE = 0.02
# Control characters that text files have: white space, backspace, escape sequences of terminals, separators of records.
CONTROL = re.compile("[\x01-\x07\x0e-\x1a\x7f]")
ISO_2022_ESCAPE = b"\x1b$"
# Browsers read these encodings as a larger one.
BROWSER_NAMES = {
    **dict.fromkeys(("iso-8859-1", "iso8859-1", "latin1", "latin-1", "us-ascii", "ascii"), "cp1252"), "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874", "tis-620": "cp874", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "sjis": "cp932",
    "euc-kr": "cp949", "ks_c_5601-1987": "cp949",
}  # fmt: skip
# UTF-8 that is damaged has more valid characters beyond ASCII than errors. Text in another encoding has hardly any.
MIN_VALID_PER_ERROR = 4
NON_ASCII_RUN = re.compile("[^\x00-\x7f]{2,}")


@dataclass(frozen=True)
class Encoding:
    """An encoding, by Python's name. `note` says what is doubtful about it."""

    name: str
    note: str | None = None
    is_certain: bool = False


def decode(data: bytes) -> tuple[str, str | None]:
    """Return `data` as text, and a note if its encoding is doubtful.

    Raises:
        InvalidFile: if it is not text.
    """
    encoding = _find_encoding(io.BytesIO(data))
    text = data.decode(encoding.name, "replace")
    if not encoding.is_certain:
        _reject_binary(text[:CHECKED_LENGTH])
    return text, encoding.note


def decode_declared(data: bytes, label: str) -> tuple[str, str | None]:
    """Return `data` as text in the encoding that it declares, and a note if that is doubtful. Labels are interpreted as browsers do.

    Raises:
        InvalidFile: if it is not text.
    """
    label = label.strip().lower()
    for name in (BROWSER_NAMES.get(label, label), label):
        with suppress(LookupError, UnicodeDecodeError):
            text = data.decode(name)
            return (text, None) if name in ("utf-8", "utf8") or not _is_utf8(data) else _decode_misdeclared(data, label)
    return decode(data)


def _is_utf8(data: bytes) -> bool:
    """Return whether the data has characters beyond ASCII, all of which are valid UTF-8: text in another encoding is so only by chance."""
    return not data.isascii() and _is_encoded_in("utf-8", io.BytesIO(data))


def _decode_misdeclared(data: bytes, label: str) -> tuple[str, str | None]:
    note = f"The file says that its encoding is {label}, but it is UTF-8 and was read as such."
    return data.decode("utf-8"), None if "ascii" in label else note


def find_encoding(path: Path) -> Encoding:
    """Return the encoding of a text file.

    Raises:
        InvalidFile: if it is not text.
    """
    with path.open("rb") as data:
        encoding = _find_encoding(data)
    if not encoding.is_certain:
        with path.open(encoding=encoding.name, errors="replace", newline="") as text:
            _reject_binary(text.read(CHECKED_LENGTH))
    return encoding


def open_text(path: Path, encoding: Encoding) -> TextIO:
    """Open a text file, with line feeds as the only line ends."""
    return path.open(encoding=encoding.name, errors="replace", newline=None)


def _find_encoding(data: BinaryIO) -> Encoding:
    sample = data.read(SAMPLE_BYTES)
    certain = next((name for mark, name in BYTE_ORDER_MARKS if sample.startswith(mark)), None) or _by_zero_bytes(sample)
    if certain and certain != "utf-8-sig":
        return Encoding(certain, is_certain=True)
    if ISO_2022_ESCAPE in sample and _is_encoded_in("iso2022_jp", data):
        return Encoding("iso2022_jp")
    name = certain or "utf-8"
    if _is_encoded_in("utf-8", data):
        return Encoding(name, _describe_mojibake(sample))
    if damage := _describe_damage(data, is_marked=certain is not None):
        return Encoding(name, damage)
    guessed = guess_encoding(data)
    problem = f"The encoding of the file is not certain: it is not UTF-8, and was read as {display_name(guessed)}"
    return Encoding(guessed, f"{problem}. If characters look wrong, save the file as UTF-8 and upload it again.")


def _is_encoded_in(encoding: str, data: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    data.seek(0)
    try:
        while block := data.read(BLOCK_BYTES):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _describe_mojibake(sample: bytes) -> str | None:
    """Return a note if most letters beyond ASCII look like UTF-8 that was read as Windows-1252 before it was saved."""
    runs = NON_ASCII_RUN.findall(sample.decode("utf-8", "ignore"))
    repaired = [(run, better) for run in runs if (better := _repair(run))]
    if not repaired or len(repaired) * 2 < len(runs):
        return None
    wrong, right = repaired[0]
    problem = f"The text has '{wrong[:20]}', probably instead of '{right[:20]}': its encoding was damaged before the upload"
    return f"{problem}. Searches cannot find such words. Export the file again from its source."


def _repair(run: str) -> str | None:
    for encoding in ("cp1252", "latin-1"):
        with suppress(UnicodeError):
            return run.encode(encoding).decode("utf-8")
    return None


def _describe_damage(data: BinaryIO, *, is_marked: bool) -> str | None:
    """Return a note if the text is UTF-8 with some errors; None if it is in another encoding."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    valid = errors = line = first_line = 0
    data.seek(0)
    while block := data.read(BLOCK_BYTES):
        text = decoder.decode(block)
        count = text.count("\ufffd") - block.count("\ufffd".encode())
        if count > 0 and not errors:
            first_line = line + text.count("\n", 0, text.index("\ufffd")) + 1
        errors, line = errors + count, line + text.count("\n")
        valid += len(text) - len(text.encode("ascii", "ignore")) - text.count("\ufffd")
    if not is_marked and valid < MIN_VALID_PER_ERROR * errors:
        return None
    problem = f"Some of the file is not valid UTF-8: {errors} characters were replaced by \ufffd, the first in line {first_line}"
    return f"{problem}. Save the file as UTF-8 and upload it again."


def _by_zero_bytes(sample: bytes) -> str | None:
    """Return the encoding of two or four bytes per character whose zero bytes are where the sample has them."""
    if _is_utf8_with_zero_bytes(sample):
        return None
    for encoding, width, zeros, other in WIDE:
        complete = sample[: len(sample) // width * width]
        if complete != sample:  # such a text has no half characters, and the sample's size is a multiple of both widths
            continue
        frequent = min(complete[position::width].count(0) for position in zeros)
        rare = complete[other::width].count(0)
        if frequent > MIN_ZERO_SHARE * len(complete) / width and rare * 20 <= frequent and _is_printable(complete, encoding):
            return encoding
    return None


def _is_utf8_with_zero_bytes(sample: bytes) -> bool:
    """Return whether the sample is UTF-8 without the few zero bytes that it may have."""
    try:
        text = codecs.getincrementaldecoder("utf-8")("strict").decode(sample)
    except UnicodeDecodeError:
        return False
    return not _is_binary(text)


def _is_printable(sample: bytes, encoding: str) -> bool:
    """Return whether nearly all characters are printable."""
    try:
        text = codecs.getincrementaldecoder(encoding)("strict").decode(sample)
    except UnicodeDecodeError:
        return False
    return sum(character.isprintable() or character.isspace() for character in text) >= MIN_PRINTABLE_SHARE * len(text)


def _is_binary(text: str) -> bool:
    nulls = text.count("\0")
    return nulls > MAX_NULL_SHARE * len(text) or len(CONTROL.findall(text)) > MAX_CONTROL_SHARE * (len(text) - nulls)


def _reject_binary(start: str) -> None:
    if _is_binary(start):
        raise InvalidFile("The file is binary data, not text. Check its filename extension.")
