"""Fetches what a comparison rests on, over Tandem's API: its training examples, and how long training and indexing took."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar
from urllib.parse import quote

from shared.datasets import Example, number_examples
from shared.datasets.text_lines import split_lines
from shared.errors import InvalidDataset, NotFound
from shared.workers.retry import retry

FINE_TUNED_PREFIX = "ft:"
T = TypeVar("T")


class Api(Protocol):
    """What this room needs of Tandem's API."""

    async def read_file(self, file_id: str) -> bytes:
        """Return a file's content."""
        ...

    async def call(self, method: str, path: str, *, body: Any = None, params: Mapping[str, Any] | None = None) -> Any:
        """Send a request with JSON, and return the JSON of the response."""
        ...


@dataclass(frozen=True)
class TrainingFile:
    """A training file: its examples, the line that each begins in, and the SHA-256 of its content in hex."""

    examples: list[Example]
    lines: list[int]
    sha256: str


async def fetch_training_file(api: Api, file_id: str | None, retry_seconds: float) -> TrainingFile | None:
    """Return a training file; None if there is none, it was deleted, or it has other lines than chats."""
    if file_id is None:
        return None
    try:
        content = await _patiently(lambda: api.read_file(file_id), retry_seconds)
        numbered = list(number_examples(split_lines([content], "training_file"), minimum=1))
    except (NotFound, InvalidDataset):
        return None
    return TrainingFile([example for _, example in numbered], [line for line, _ in numbered], hashlib.sha256(content).hexdigest())


async def fetch_training_seconds(api: Api, model: str | None, retry_seconds: float) -> float | None:
    """Return how long the training of a fine-tuned model took; None if it is unknown."""
    if model is None or not model.startswith(FINE_TUNED_PREFIX):
        return None
    try:
        described = await _patiently(lambda: api.call("GET", f"/v1/models/{quote(model, safe='')}"), retry_seconds)
        job = await _patiently(lambda: api.call("GET", f"/v1/fine_tuning/jobs/{described['job']}"), retry_seconds)
    except (NotFound, KeyError):
        return None
    return _read_seconds((job.get("metrics") or {}).get("seconds"))


async def fetch_indexing_seconds(api: Api, store_ids: Sequence[str], retry_seconds: float) -> dict[str, float | None]:
    """Return how long indexing the files of each vector store took, by store; None if it is unknown."""
    return {store_id: await _fetch_seconds_of_store(api, store_id, retry_seconds) for store_id in store_ids}


async def _fetch_seconds_of_store(api: Api, store_id: str, retry_seconds: float) -> float | None:
    try:
        store = await _patiently(lambda: api.call("GET", f"/v1/vector_stores/{quote(store_id, safe='')}"), retry_seconds)
    except NotFound:
        return None
    return _read_seconds(store.get("indexing_seconds"))


def _read_seconds(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None


async def _patiently(call: Callable[[], Awaitable[T]], retry_seconds: float) -> T:
    return await retry(call, retry_seconds)
