"""Identifiers with OpenAI's prefixes, such as `file-…` and `ftjob-…`."""

import secrets
import string

ALPHABET = string.ascii_letters + string.digits


def new_id(prefix: str, length: int = 24) -> str:
    """Return `prefix` followed by `length` random letters and digits (about 143 bits at the default 24)."""
    drawn = secrets.randbelow(len(ALPHABET) ** length)  # one draw: one for each character would take most of a request's overhead
    letters = []
    for _ in range(length):
        drawn, position = divmod(drawn, len(ALPHABET))
        letters.append(ALPHABET[position])
    return prefix + "".join(letters)
