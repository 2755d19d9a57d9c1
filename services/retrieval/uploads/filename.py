"""The names that an uploaded file may have. A name is data: it is shown and searched, and never used as a path."""

import unicodedata

from shared.errors import InvalidRequest

MAX_CHARACTERS = 255
MAX_ENDING = 32  # a longer "ending" is the rest of a sentence after a full stop
UNNAMED = "unnamed"
LINE_BREAKS = frozenset("\r\n\x0b\x0c\x85\u2028\u2029")
JOINERS = frozenset("\u200c\u200d")  # between the letters of some scripts, and within emoji
CONTROL, FORMAT = "Cc", "Cf"  # Unicode's categories of control characters, such as tab and NUL, and of zero-width ones
PLACEHOLDER = "_"


def read_filename(sent: bytes) -> str:
    """Return the name under which a file is stored: as it was sent, apart from control and zero-width characters, and not too long.

    A control character becomes `_`, so that names that differ in such a character stay different. A zero-width character is left out:
    nobody sees it, and it can hide the ending. A name over 255 characters is shortened before its ending, because the ending can decide how
    the file is read.

    Raises:
        InvalidRequest: if the name is not UTF-8, or has a line break.
    """
    try:
        name = sent.decode()
    except UnicodeDecodeError as error:
        raise InvalidRequest("The filename of the part 'file' is not UTF-8. Send it in UTF-8.", param="file") from error
    if not LINE_BREAKS.isdisjoint(name):
        raise InvalidRequest("The filename of the part 'file' must not contain a line break. Remove it.", param="file")
    return _shorten("".join(map(_to_visible, name))) or UNNAMED


def _to_visible(character: str) -> str:
    category = unicodedata.category(character)
    if category == CONTROL:
        return PLACEHOLDER
    return "" if category == FORMAT and character not in JOINERS else character


def _shorten(name: str) -> str:
    if len(name) <= MAX_CHARACTERS:
        return name
    stem, dot, ending = name.rpartition(".")
    ending = dot + ending if stem and len(ending) < MAX_ENDING else ""
    return name[: MAX_CHARACTERS - len(ending)] + ending
