"""Identifiers with OpenAI's prefixes, such as `file-…` and `ftjob-…`."""

import secrets
import string

ALPHABET = string.ascii_letters + string.digits


def new_id(prefix: str, length: int = 24) -> str:
    """Return `prefix` followed by `length` random letters and digits (about 143 bits at the default 24)."""
    number = secrets.randbelow(len(ALPHABET) ** length)  # one call: a call per character would take most of a request's overhead
    characters = []
    for _ in range(length):
        number, position = divmod(number, len(ALPHABET))
        characters.append(ALPHABET[position])
    return prefix + "".join(characters)
