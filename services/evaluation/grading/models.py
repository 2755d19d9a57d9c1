"""The models that graders call: Tandem's own API, with some calls at a time, whose passing failures are retried."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol, TypeVar

from shared.graders.outcome import GraderModels
from shared.workers.api_client import ChatCompletion
from shared.workers.retry import TRANSIENT, retry

MAX_LOST = 10  # calls in a row that failed for the whole patience; after them, a model counts as gone

T = TypeVar("T")


class Api(Protocol):
    """What grading needs of Tandem's API."""

    async def complete_chat(self, request: dict[str, Any]) -> ChatCompletion:
        """Return the answer to the body of a chat completion request."""
        ...

    async def call(self, method: str, path: str, *, body: Any = None) -> Any:
        """Send a request with JSON, and return the JSON of the response."""
        ...


class PatientModels:
    """Chat models and embeddings of the API, `concurrency` calls at a time.

    A call that fails for the moment is repeated for `retry_seconds`. Once ten calls of a model in a row have failed nevertheless, each is
    tried only once, until one succeeds: thousands of answers must not wait for a model that is gone.
    """

    def __init__(self, api: Api, retry_seconds: float, concurrency: int) -> None:
        self._api = api
        self._retry_seconds = retry_seconds
        self._gate = asyncio.Semaphore(concurrency)
        self._lost = Counter[str]()

    async def complete_chat(self, request: dict[str, Any]) -> ChatCompletion:
        """Return the answer to the body of a chat completion request."""
        return await self._call(str(request["model"]), lambda: self._api.complete_chat(request))

    async def embed(self, texts: Sequence[str], model: str) -> Sequence[Sequence[float]]:
        """Return a vector for each text, in their order."""
        body = {"model": model, "input": list(texts)}
        response = await self._call(model, lambda: self._api.call("POST", "/v1/embeddings", body=body))
        return [entry["embedding"] for entry in sorted(response["data"], key=lambda entry: int(entry["index"]))]

    async def _call(self, model: str, call: Callable[[], Awaitable[T]]) -> T:
        async with self._gate:
            try:
                result = await retry(call, self._retry_seconds if self._lost[model] < MAX_LOST else 0.0)
            except TRANSIENT:
                self._lost[model] += 1
                raise
            self._lost[model] = 0
            return result


def make_grader_models(api: Api, retry_seconds: float, embedding_model: str | None, concurrency: int) -> GraderModels:
    """Return the models for graders; `embedding_model` is that of the `cosine` measure."""
    models = PatientModels(api, retry_seconds, concurrency)
    return GraderModels(chat=models, embedder=models, embedding_model=embedding_model)
