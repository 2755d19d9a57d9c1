"""The models that graders call in the front door itself: the served models and the embedding models of the caller's project.

A call is not repeated: who waits for one grade can ask again. A few calls run at a time, so that a `multi` does not fill the engine.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from services.generation.grounding.request import CHAT
from services.generation.http.client import ServiceClient
from services.generation.http.reply import HeaderList, read_body
from services.generation.serving.pool import ServedModel
from shared.errors import Unavailable
from shared.http.errors import raise_for_error

CONCURRENCY = 4
EMBEDDINGS = "/v1/embeddings"
JSON_HEADER = ("Content-Type", "application/json")


@dataclass(frozen=True)
class Completion:
    """The answer of a grading model."""

    text: str
    prompt_tokens: int
    completion_tokens: int


class ServedModels:
    """The chat and embedding models of one caller. `open_model` finds a model by name; `credentials` are the caller's own headers."""

    def __init__(self, open_model: Callable[[str], Awaitable[ServedModel]], retrieval: ServiceClient, credentials: HeaderList) -> None:
        self._open_model = open_model
        self._retrieval = retrieval
        self._headers = [*credentials, JSON_HEADER]
        self._gate = asyncio.Semaphore(CONCURRENCY)

    async def complete_chat(self, request: dict[str, Any]) -> Completion:
        """Return the answer to the body of a chat completion request.

        Raises:
            NotFound: if the project does not have the model any more.
            TandemError: as `ServedModel.generate` does.
        """
        async with self._gate:
            model = await self._open_model(request["model"])
            body = await read_body(await model.generate(CHAT, json.dumps(request).encode()))
        try:
            return _parse(json.loads(body))
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise Unavailable("The engine returned something other than a chat completion.") from error

    async def embed(self, texts: Sequence[str], model: str) -> Sequence[Sequence[float]]:
        """Return a vector for each text, in their order.

        Raises:
            TandemError: if retrieval does not respond, or refuses.
        """
        content = json.dumps({"model": model, "input": list(texts)}).encode()
        response = await self._retrieval.call("POST", EMBEDDINGS, content=content, headers=self._headers)
        raise_for_error(response, self._retrieval.name)
        try:
            entries = sorted(response.json()["data"], key=lambda entry: int(entry["index"]))
            return [entry["embedding"] for entry in entries]
        except (ValueError, LookupError, TypeError) as error:
            raise Unavailable(f"{self._retrieval.name} returned something other than embeddings.") from error


def _parse(body: dict[str, Any]) -> Completion:
    usage, message = body["usage"], body["choices"][0]["message"]
    return Completion(message.get("content") or "", int(usage["prompt_tokens"]), int(usage["completion_tokens"]))
