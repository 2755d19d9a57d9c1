"""Identifiers with OpenAI's prefixes, such as `file-…` and `ftjob-…`."""

import secrets
import string

ALPHABET = string.ascii_letters + string.digits


def new_id(prefix: str, length: int = 24) -> str:
    """Return `prefix` followed by `length` random letters and digits (about 143 bits at the default 24)."""
    return prefix + "".join(secrets.choice(ALPHABET) for _ in range(length))
