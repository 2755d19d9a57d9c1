"""When a file expires: `expires_after` as clients send it in a form.

OpenAI's SDKs send two parts, `expires_after[anchor]` and `expires_after[seconds]`. Clients made from an OpenAPI document send one part
`expires_after` with JSON, which is the default encoding of an object (OpenAPI 3.1, Encoding Object).
"""

from collections.abc import Mapping
from typing import Any

from shared.errors import InvalidRequest
from shared.validation.read_json import read_storable_json

FIELD = "expires_after"
ANCHOR, SECONDS = f"{FIELD}[anchor]", f"{FIELD}[seconds]"
CREATED_AT = "created_at"
MIN_EXPIRY_SECONDS = 3600
MAX_EXPIRY_SECONDS = 30 * 86400
EXAMPLE = f'{{"anchor": "{CREATED_AT}", "seconds": {MIN_EXPIRY_SECONDS}}}'


def read_expiry(fields: Mapping[str, str]) -> int | None:
    """Return after how many seconds the file expires; None if `fields`, the parts that were sent, do not say.

    Raises:
        InvalidRequest: if the value is not valid, or was sent in both forms.
    """
    keys = [key for key in (ANCHOR, SECONDS) if key in fields]
    if FIELD in fields and keys:
        raise InvalidRequest(f"'{FIELD}' and '{keys[0]}' must not be sent together. Send only '{FIELD}'.", param=FIELD)
    if FIELD in fields:
        return _read_json(fields[FIELD])
    return _read_keys(fields) if keys else None


def _read_keys(fields: Mapping[str, str]) -> int:
    if fields.get(ANCHOR) != CREATED_AT:
        raise InvalidRequest(f"'{ANCHOR}' must be '{CREATED_AT}'.", param=ANCHOR)
    text = fields.get(SECONDS, "")
    return _check_seconds(int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else None, SECONDS)


def _read_json(text: str) -> int:
    value = _parse(text)
    if not isinstance(value, dict):
        raise InvalidRequest(f"'{FIELD}' must be a JSON object such as {EXAMPLE}.", param=FIELD)
    unknown = next((key for key in value if key not in ("anchor", "seconds")), None)
    if unknown is not None:
        raise InvalidRequest(f"'{FIELD}.{unknown}' is not a known field. Remove it.", param=f"{FIELD}.{unknown}")
    if value.get("anchor") != CREATED_AT:
        raise InvalidRequest(f"'{FIELD}.anchor' must be '{CREATED_AT}'.", param=f"{FIELD}.anchor")
    return _check_seconds(value.get("seconds"), f"{FIELD}.seconds")


def _parse(text: str) -> Any:
    try:
        return read_storable_json(text.encode())
    except InvalidRequest:
        return None


def _check_seconds(seconds: Any, field: str) -> int:
    if type(seconds) is not int or not MIN_EXPIRY_SECONDS <= seconds <= MAX_EXPIRY_SECONDS:
        raise InvalidRequest(f"'{field}' must be an integer between {MIN_EXPIRY_SECONDS} and {MAX_EXPIRY_SECONDS}.", param=field)
    return seconds
