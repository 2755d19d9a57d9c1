"""When a file expires: `expires_after` as clients send it in a form.

OpenAI's SDKs send two parts, `expires_after[anchor]` and `expires_after[seconds]`. Clients made from an OpenAPI document send one part
`expires_after` with JSON, which is the default encoding of an object (OpenAPI 3.1, Encoding Object).
"""

import re
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from shared.contracts.wire import Request
from shared.errors import InvalidRequest
from shared.validation.read_json import read_storable_json
from shared.validation.translate import parse

FIELD = "expires_after"
ANCHOR, SECONDS = f"{FIELD}[anchor]", f"{FIELD}[seconds]"
CREATED_AT = "created_at"
MIN_EXPIRY_SECONDS = 3600
MAX_EXPIRY_SECONDS = 30 * 86400
EXAMPLE = f'{{"anchor": "{CREATED_AT}", "seconds": {MIN_EXPIRY_SECONDS}}}'
INTEGER = re.compile(r"-?[0-9]{1,19}")


class FileExpiry(Request):
    """When a file expires: so many seconds after it was uploaded."""

    anchor: Literal["created_at"]
    seconds: int = Field(ge=MIN_EXPIRY_SECONDS, le=MAX_EXPIRY_SECONDS)


def read_expiry(fields: Mapping[str, str]) -> int | None:
    """Return after how many seconds the file expires; None if `fields`, the parts that were sent, do not say. JSON's null says nothing.

    Raises:
        InvalidRequest: if the value is not valid, or was sent in both forms.
    """
    value = _read_json(fields[FIELD]) if FIELD in fields else None
    keys = [key for key in (ANCHOR, SECONDS) if key in fields]
    if value is not None and keys:
        raise InvalidRequest(f"'{FIELD}' and '{keys[0]}' must not be sent together. Send only '{FIELD}'.", param=FIELD)
    if value is not None:
        return parse(FileExpiry, value, (FIELD,)).seconds
    return _read_keys(fields) if keys else None


def _read_keys(fields: Mapping[str, str]) -> int:
    """Return the seconds of the form with a part for each key. The text of a part is a number if it reads as one."""
    sent = {key: fields[part] for key, part in (("anchor", ANCHOR), ("seconds", SECONDS)) if part in fields}
    seconds = sent.get("seconds", "")
    numbers = {"seconds": int(seconds)} if INTEGER.fullmatch(seconds) else {}
    try:
        return parse(FileExpiry, {**sent, **numbers}, (FIELD,)).seconds
    except InvalidRequest as error:
        param = {f"{FIELD}.anchor": ANCHOR, f"{FIELD}.seconds": SECONDS}[str(error.param)]
        raise InvalidRequest(error.message.replace(f"'{error.param}'", f"'{param}'", 1), param=param, code=error.code) from error


def _read_json(text: str) -> Any:
    try:
        return read_storable_json(text.encode())
    except InvalidRequest as error:
        raise InvalidRequest(f"'{FIELD}' must be a JSON object such as {EXAMPLE}.", param=FIELD) from error
