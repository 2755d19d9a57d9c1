"""Bytes to text: by the byte order mark, by where zero bytes stand, as UTF-8, else by which encoding makes the most ordinary characters."""

import codecs
import io
import re
from pathlib import Path
from typing import BinaryIO, TextIO

from charset_normalizer import CharsetMatch, from_bytes

from services.retrieval.parse.document import InvalidFile

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SAMPLE = 64 * 1024
BLOCK = 1024 * 1024
START = 4096  # characters that tell whether it is text
# The most frequent characters of these encodings are those whose first byte lies in here (levels 1 of their standards, kana, Hangul);
# European letters, read as such pairs, lie above. The second name is that of the encoding in which the standard's bytes are seen.
EAST_ASIAN = (
    ("cp932", "euc_jp", range(0xA1, 0xD0)), ("euc_jp", "euc_jp", range(0xA1, 0xD0)), ("cp949", "euc_kr", range(0xA1, 0xC9)),
    ("gb18030", "gb2312", range(0xA1, 0xD8)), ("big5", "big5", range(0xA1, 0xC7)),
)  # fmt: skip
ORDINARY = 0.9
# No Japanese is written without.
KANA = re.compile("[\u3041-\u30fe]")
# The others that are met, the most frequent first.
OTHERS = [
    "cp1252", "cp1250", "cp1251", "koi8_r", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874", "cp866", "cp850",
    "mac_roman", "utf_16_le", "utf_16_be",
]  # fmt: skip
# Encodings with several bytes to a character: which of them are zero in most characters, or (two bytes) in spaces and ends of lines,
# and which is hardly ever zero.
WIDE = (("utf-32-le", 4, (2, 3), 0), ("utf-32-be", 4, (0, 1), 3), ("utf-16-le", 2, (1,), 0), ("utf-16-be", 2, (0,), 1))
FEWEST_ZEROS = 0.02
PRINTED = 0.98
ESCAPE = b"\x1b$"
FOREIGN = re.compile(rb"[\x80-\xff]")


def decode(data: bytes) -> str:
    """Return `data` as text.

    Raises:
        InvalidFile: it is not text.
    """
    encoding, is_told = _find(io.BytesIO(data))
    text = data.decode(encoding, "replace")
    if not is_told:
        _refuse_binary(text[:START])
    return text


def open_text(path: Path) -> TextIO:
    """Return a file opened as the text it is, with line feeds as its only line ends.

    Raises:
        InvalidFile: it is not text.
    """
    with path.open("rb") as data:
        encoding, is_told = _find(data)
    if not is_told:
        with path.open(encoding=encoding, errors="replace", newline="") as text:
            _refuse_binary(text.read(START))
    return path.open(encoding=encoding, errors="replace", newline=None)


def _find(data: BinaryIO) -> tuple[str, bool]:
    """Return the encoding of a file at its beginning, and whether it is told by a mark or by zero bytes."""
    sample = data.read(SAMPLE)
    told = next((name for mark, name in MARKS if sample.startswith(mark)), None) or _by_zeros(sample)
    likely = "iso2022_jp" if ESCAPE in sample else "utf-8"
    return told or (likely if _is_in(likely, data) else _guess(data)), told is not None


def _is_in(encoding: str, data: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    data.seek(0)
    try:
        while block := data.read(BLOCK):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _by_zeros(sample: bytes) -> str | None:
    """Return the encoding without a mark that has zero bytes where one of two or four bytes to a character has them."""
    for encoding, width, zeros, other in WIDE:
        whole = sample[: len(sample) // width * width]
        if whole != sample:  # such a text has no half characters (and the sample's size is a multiple of both widths)
            continue
        often = min(whole[place::width].count(0) for place in zeros)
        rare = whole[other::width].count(0)
        if often > FEWEST_ZEROS * len(whole) / width and rare * 20 <= often and _is_printed(whole, encoding):
            return encoding
    return None


def _is_printed(sample: bytes, encoding: str) -> bool:
    """Return whether the bytes are nearly all characters that are printed."""
    try:
        text = codecs.getincrementaldecoder(encoding)("strict").decode(sample)
    except UnicodeDecodeError:
        return False
    return sum(character.isprintable() or character.isspace() for character in text) >= PRINTED * len(text)


def _guess(data: BinaryIO) -> str:
    """Return the encoding of text beyond ASCII, by what stands from its first such line on."""
    sample = _foreign(data)
    shares = {name: _ordinary(sample, name, standard, firsts) for name, standard, firsts in EAST_ASIAN}
    best = max(shares, key=lambda name: shares[name])
    if shares[best] >= ORDINARY:
        return best
    guesses = list(from_bytes(sample, cp_isolation=OTHERS)) or list(from_bytes(sample))
    if not guesses:
        raise InvalidFile("The file is not text in any known encoding. Save it as UTF-8.")
    # Of those that are as good as the best, the one that is named first above.
    return min(guesses, key=lambda guess: (guess.chaos, -guess.coherence, _rank(guess))).encoding


def _foreign(data: BinaryIO) -> bytes:
    """Return a sample that begins with the line, or not long before, in which the first byte beyond ASCII stands."""
    first = 0
    data.seek(0)
    while block := data.read(BLOCK):
        if found := FOREIGN.search(block):
            first += found.start()
            break
        first += len(block)
    begin = max(0, first - SAMPLE // 2)
    data.seek(begin)
    begin += data.read(first - begin).rfind(b"\n") + 1
    data.seek(begin)
    return data.read(SAMPLE)


def _ordinary(sample: bytes, encoding: str, standard: str, first_bytes: range) -> float:
    """Return which share of the characters beyond ASCII are ordinary ones, if the text is in `encoding`; 0 where it cannot be."""
    try:
        text = codecs.getincrementaldecoder(encoding)("strict").decode(sample)
    except UnicodeDecodeError:
        return 0.0
    if standard == "euc_jp" and not KANA.search(text):
        return 0.0
    foreign = [character.encode(standard, "ignore") for character in text if character > "\x7f"]
    return sum(len(pair) == 2 and pair[0] in first_bytes for pair in foreign) / max(1, len(foreign))


def _rank(guess: CharsetMatch) -> int:
    return OTHERS.index(guess.encoding) if guess.encoding in OTHERS else len(OTHERS)


def _refuse_binary(start: str) -> None:
    if start.count("\0") > len(start) * 0.01:
        raise InvalidFile("The file is binary data, not text. Is the name's ending right?")
