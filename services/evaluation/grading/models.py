"""The models that graders call: Tandem's own API, whose passing failures are retried."""

from collections.abc import Sequence
from typing import Any, Protocol

from shared.graders.outcome import GraderModels
from shared.workers.api_client import ChatCompletion
from shared.workers.retry import retry


class Api(Protocol):
    """What grading needs of Tandem's API."""

    async def complete_chat(self, request: dict[str, Any]) -> ChatCompletion:
        """Return the answer to the body of a chat completion request."""
        ...

    async def call(self, method: str, path: str, *, body: Any = None) -> Any:
        """Send a request with JSON, and return the JSON of the response."""
        ...


class PatientModels:
    """Chat models and embeddings of the API. A call that fails for the moment is repeated for `retry_seconds`."""

    def __init__(self, api: Api, retry_seconds: float) -> None:
        self._api = api
        self._retry_seconds = retry_seconds

    async def complete_chat(self, request: dict[str, Any]) -> ChatCompletion:
        """Return the answer to the body of a chat completion request."""
        return await retry(lambda: self._api.complete_chat(request), self._retry_seconds)

    async def embed(self, texts: Sequence[str], model: str) -> Sequence[Sequence[float]]:
        """Return a vector for each text, in their order."""
        body = {"model": model, "input": list(texts)}
        response = await retry(lambda: self._api.call("POST", "/v1/embeddings", body=body), self._retry_seconds)
        return [entry["embedding"] for entry in sorted(response["data"], key=lambda entry: int(entry["index"]))]


def make_grader_models(api: Api, retry_seconds: float, embedding_model: str | None) -> GraderModels:
    """Return the models for graders; `embedding_model` is that of the `cosine` measure."""
    models = PatientModels(api, retry_seconds)
    return GraderModels(chat=models, embedder=models, embedding_model=embedding_model)
