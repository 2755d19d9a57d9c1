"""What a chat or completions call asks. Its body belongs to the engine; only `model`, `retrieval` and with it `include` are looked at."""

from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json
from starlette.requests import Request

from shared.contracts.chat import RetrievalOptions
from shared.datasets import describe
from shared.errors import InvalidRequest, TooLarge

CHAT = "/v1/chat/completions"
COMPLETIONS = "/v1/completions"
INCLUDE = "include"
TRACE = "trace"


@dataclass(frozen=True)
class Asked:
    """A call: the engine's path, the body as it came, and the same parsed. `retrieval` is None without documents.

    `trace` says whether the answer tells how it came about.
    """

    path: str
    body: bytes
    fields: dict[str, Any]
    model: str
    retrieval: RetrievalOptions | None
    trace: bool = False


async def read(request: Request, path: str, limit: int) -> Asked:
    """Read a call; `path` is the engine's, `limit` is the longest body in bytes.

    Raises:
        InvalidRequest: the body is not a JSON object with a model.
        TooLarge: it is longer than `limit`.
    """
    body = await _read_body(request, limit)
    fields = _parse(body)
    model = fields.get("model")
    if not isinstance(model, str) or not model:
        raise InvalidRequest("'model' is missing; it must be the name of a model that /v1/models lists.", param="model")
    options = _options(fields.get("retrieval"))
    return Asked(path, body, fields, model, options, trace=options is not None and _wants_trace(fields.get(INCLUDE)))


async def _read_body(request: Request, limit: int) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise TooLarge(f"The body is longer than {limit} bytes (GENERATION_MAX_BODY_BYTES).")
    return bytes(body)


def _parse(body: bytes) -> dict[str, Any]:
    try:
        fields = from_json(body, allow_inf_nan=False)
    except ValueError as error:
        raise InvalidRequest(f"The body is not JSON ({error}).", code="invalid_json") from error
    if not isinstance(fields, dict):
        raise InvalidRequest("The body must be a JSON object.", code="invalid_json")
    return fields


def _options(given: Any) -> RetrievalOptions | None:
    if given is None:
        return None
    try:
        return RetrievalOptions.model_validate(given)
    except ValidationError as error:
        path = ".".join(["retrieval", *(str(part) for part in error.errors()[0]["loc"])])
        raise InvalidRequest(f"'retrieval': {describe(error)}", param=path) from error


def _wants_trace(given: Any) -> bool:
    if given is None:
        return False
    if not isinstance(given, list) or any(each != TRACE for each in given):
        raise InvalidRequest(f"With 'retrieval', '{INCLUDE}' must be a list of what to include: '{TRACE}'.", param=INCLUDE)
    return TRACE in given
