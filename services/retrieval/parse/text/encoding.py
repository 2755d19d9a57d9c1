"""Bytes to text. The encoding is found by its byte order mark, by the positions of zero bytes, as UTF-8, or else as the one that yields the
most common characters."""

import codecs
import io
import re
from pathlib import Path
from typing import BinaryIO, TextIO

from charset_normalizer import CharsetMatch, from_bytes

from services.retrieval.parse.document import InvalidFile

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SAMPLE_BYTES = 64 * 1024
BLOCK_BYTES = 1024 * 1024
CHECKED_LENGTH = 4096  # the characters at the beginning that are checked for binary data
# The most frequent characters of these encodings have their first byte in this range (level 1 of their standards, kana, Hangul).
# European letters, read as such pairs, are above it. The second name is the encoding of the standard whose bytes are compared.
EAST_ASIAN = (
    ("cp932", "euc_jp", range(0xA1, 0xD0)), ("euc_jp", "euc_jp", range(0xA1, 0xD0)), ("cp949", "euc_kr", range(0xA1, 0xC9)),
    ("gb18030", "gb2312", range(0xA1, 0xD8)), ("big5", "big5", range(0xA1, 0xC7)),
)  # fmt: skip
MIN_COMMON_SHARE = 0.9
# No Japanese text is written without kana.
KANA = re.compile("[\u3041-\u30fe]")
# The other encodings in use, the most frequent first.
OTHERS = [
    "cp1252", "cp1250", "cp1251", "koi8_r", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874", "cp866", "cp850",
    "mac_roman", "utf_16_le", "utf_16_be",
]  # fmt: skip
# Encodings with several bytes per character: which bytes are zero in most characters, or (two bytes) in spaces and line ends, and which
# is hardly ever zero.
WIDE = (("utf-32-le", 4, (2, 3), 0), ("utf-32-be", 4, (0, 1), 3), ("utf-16-le", 2, (1,), 0), ("utf-16-be", 2, (0,), 1))
MIN_ZERO_SHARE = 0.02
MIN_PRINTABLE_SHARE = 0.98
MAX_NULL_SHARE = 0.01
ISO_2022_ESCAPE = b"\x1b$"
NON_ASCII = re.compile(rb"[\x80-\xff]")


def decode(data: bytes) -> str:
    """Return `data` as text.

    Raises:
        InvalidFile: if it is not text.
    """
    encoding, is_certain = _find_encoding(io.BytesIO(data))
    text = data.decode(encoding, "replace")
    if not is_certain:
        _reject_binary(text[:CHECKED_LENGTH])
    return text


def open_text(path: Path) -> TextIO:
    """Open a text file in its encoding, with line feeds as the only line ends.

    Raises:
        InvalidFile: if it is not text.
    """
    with path.open("rb") as data:
        encoding, is_certain = _find_encoding(data)
    if not is_certain:
        with path.open(encoding=encoding, errors="replace", newline="") as text:
            _reject_binary(text.read(CHECKED_LENGTH))
    return path.open(encoding=encoding, errors="replace", newline=None)


def _find_encoding(data: BinaryIO) -> tuple[str, bool]:
    """Return the encoding, and whether a byte order mark or the zero bytes make it certain."""
    sample = data.read(SAMPLE_BYTES)
    certain = next((name for mark, name in BYTE_ORDER_MARKS if sample.startswith(mark)), None) or _by_zero_bytes(sample)
    likely = "iso2022_jp" if ISO_2022_ESCAPE in sample else "utf-8"
    return certain or (likely if _is_encoded_in(likely, data) else _guess(data)), certain is not None


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


def _by_zero_bytes(sample: bytes) -> str | None:
    """Return the encoding of two or four bytes per character whose zero bytes are where the sample has them."""
    for encoding, width, zeros, other in WIDE:
        complete = sample[: len(sample) // width * width]
        if complete != sample:  # such a text has no half characters, and the sample's size is a multiple of both widths
            continue
        frequent = min(complete[position::width].count(0) for position in zeros)
        rare = complete[other::width].count(0)
        if frequent > MIN_ZERO_SHARE * len(complete) / width and rare * 20 <= frequent and _is_printable(complete, encoding):
            return encoding
    return None


def _is_printable(sample: bytes, encoding: str) -> bool:
    """Return whether nearly all characters are printable."""
    try:
        text = codecs.getincrementaldecoder(encoding)("strict").decode(sample)
    except UnicodeDecodeError:
        return False
    return sum(character.isprintable() or character.isspace() for character in text) >= MIN_PRINTABLE_SHARE * len(text)


def _guess(data: BinaryIO) -> str:
    """Return the most likely encoding of text that is not ASCII, by a sample from its first such line on."""
    sample = _sample_non_ascii(data)
    shares = {name: _common_share(sample, name, standard, first_bytes) for name, standard, first_bytes in EAST_ASIAN}
    best = max(shares, key=lambda name: shares[name])
    if shares[best] >= MIN_COMMON_SHARE:
        return best
    guesses = list(from_bytes(sample, cp_isolation=OTHERS)) or list(from_bytes(sample))
    if not guesses:
        raise InvalidFile("The file is not text in any known encoding. Save it as UTF-8.")
    # Of those that are as good as the best, the one that comes first in OTHERS.
    return min(guesses, key=lambda guess: (guess.chaos, -guess.coherence, _rank(guess))).encoding


def _sample_non_ascii(data: BinaryIO) -> bytes:
    """Return a sample that begins with, or shortly before, the line of the first byte beyond ASCII."""
    first = 0
    data.seek(0)
    while block := data.read(BLOCK_BYTES):
        if match := NON_ASCII.search(block):
            first += match.start()
            break
        first += len(block)
    begin = max(0, first - SAMPLE_BYTES // 2)
    data.seek(begin)
    begin += data.read(first - begin).rfind(b"\n") + 1
    data.seek(begin)
    return data.read(SAMPLE_BYTES)


def _common_share(sample: bytes, encoding: str, standard: str, first_bytes: range) -> float:
    """Return the share of common characters among those beyond ASCII, if the text is in `encoding`; 0 if it cannot be."""
    try:
        text = codecs.getincrementaldecoder(encoding)("strict").decode(sample)
    except UnicodeDecodeError:
        return 0.0
    if standard == "euc_jp" and not KANA.search(text):
        return 0.0
    non_ascii = [character.encode(standard, "ignore") for character in text if character > "\x7f"]
    return sum(len(pair) == 2 and pair[0] in first_bytes for pair in non_ascii) / max(1, len(non_ascii))


def _rank(guess: CharsetMatch) -> int:
    return OTHERS.index(guess.encoding) if guess.encoding in OTHERS else len(OTHERS)


def _reject_binary(start: str) -> None:
    if start.count("\0") > len(start) * MAX_NULL_SHARE:
        raise InvalidFile("The file is binary data, not text. Check its filename extension.")
