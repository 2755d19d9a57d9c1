"""Guesses the encoding of text that is neither UTF-8 nor marked: the one that yields the most common characters."""

import codecs
import re
from typing import BinaryIO

from charset_normalizer import CharsetMatch, from_bytes

from services.retrieval.parse.document import InvalidFile

SAMPLE_BYTES = 64 * 1024
BLOCK_BYTES = 1024 * 1024
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
NAMES = {
    "cp932": "Shift JIS", "euc_jp": "EUC-JP", "cp949": "EUC-KR", "gb18030": "GB 18030", "big5": "Big5", "koi8_r": "KOI8-R",
    "cp1252": "Windows-1252 (Western European)", "cp1250": "Windows-1250 (Central European)", "cp1251": "Windows-1251 (Cyrillic)",
    "cp1253": "Windows-1253 (Greek)", "cp1254": "Windows-1254 (Turkish)", "cp1255": "Windows-1255 (Hebrew)",
    "cp1256": "Windows-1256 (Arabic)", "cp1257": "Windows-1257 (Baltic)", "cp1258": "Windows-1258 (Vietnamese)",
    "cp874": "Windows-874 (Thai)", "cp866": "DOS 866 (Cyrillic)", "cp850": "DOS 850 (Western European)", "mac_roman": "Mac Roman",
    "utf_16_le": "UTF-16", "utf_16_be": "UTF-16",
}  # fmt: skip
NON_ASCII = re.compile(rb"[\x80-\xff]")


def guess_encoding(data: BinaryIO) -> str:
    """Return the most likely encoding of text that is not ASCII, from a sample that starts at the first such line.

    Raises:
        InvalidFile: if no known encoding fits.
    """
    sample = _sample_non_ascii(data)
    shares = {name: _common_share(sample, name, standard, first_bytes) for name, standard, first_bytes in EAST_ASIAN}
    best = max(shares, key=lambda name: shares[name])
    if shares[best] >= MIN_COMMON_SHARE:
        return best
    guesses = list(from_bytes(sample, cp_isolation=OTHERS)) or list(from_bytes(sample))
    if not guesses:
        raise InvalidFile("The file is not text in any known encoding. Check its filename extension, or save it as UTF-8.")
    # Of those that are as good as the best, the one that comes first in OTHERS.
    return min(guesses, key=lambda guess: (guess.chaos, -guess.coherence, _rank(guess))).encoding


def display_name(encoding: str) -> str:
    """Return the name of an encoding as people know it."""
    return NAMES.get(encoding, encoding.upper().replace("_", "-"))


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
