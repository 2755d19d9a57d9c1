"""Words what a tracker's library raised for an event of the job: one line, not too long, without the operator's credentials."""

import os
import re
from collections.abc import Mapping

MAX_CHARACTERS = 300
SECRET = re.compile(r"KEY|TOKEN|PASSWORD|SECRET")
MIN_SECRET = 6  # characters; a shorter one is in many words
USER_INFO = re.compile(r"://[^/\s]+@")  # up to the last @: a password may have one


def describe_error(error: BaseException, environment: Mapping[str, str] = os.environ) -> str:
    """Return the first line of an error's message as a sentence."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    text = hide_credentials(f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__, environment)
    text = text if len(text) <= MAX_CHARACTERS else text[: MAX_CHARACTERS - 1] + "…"
    return text if text.endswith((".", "…", "!")) else f"{text}."


def hide_credentials(text: str, environment: Mapping[str, str] = os.environ) -> str:
    """Return the text without the secrets of the environment, and without the user names and passwords of URLs."""
    for name, value in environment.items():
        if SECRET.search(name) and len(value) >= MIN_SECRET:
            text = text.replace(value, "…")
    return USER_INFO.sub("://", text)
