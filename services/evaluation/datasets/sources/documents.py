"""Reads the documents of vector stores, as the passages that their searches find. Knows nothing of questions."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from shared.errors import InvalidRequest, NotFound, TooLarge
from shared.workers.retry import retry

MAX_PAGE, MIN_PAGE = 100, 10  # chunks in a preview
PARALLEL = 4
MIN_CHARACTERS = 80  # of a passage that says enough for a question
HEADING_SEPARATOR = " \u203a "  # as in the built-in template of prompts


class Api(Protocol):
    """What reading documents needs of Tandem's API."""

    async def call(self, method: str, path: str, *, body: Any = None, params: Mapping[str, Any] | None = None) -> Any:
        """Send a request with JSON, and return the JSON of the response."""
        ...


@dataclass(frozen=True)
class Passage:
    """A chunk of a document. `start` and `end` are character offsets in its text; `heading` is its title and the headings above it."""

    file_id: str
    filename: str
    start: int
    end: int
    heading: str
    text: str


@dataclass(frozen=True)
class Document:
    """A document and the passages that were read of it: all of them, or a sample of a long document."""

    file_id: str
    filename: str
    passages: Sequence[Passage]


@dataclass(frozen=True)
class Reading:
    """The documents that could be read, ordered by name, and a sentence about each of the others."""

    documents: Sequence[Document]
    problems: Sequence[str]


async def read_documents(api: Api, store_ids: Sequence[str], passages: int, retry_seconds: float) -> Reading:
    """Return the documents of the stores, with about `passages` passages in all, but 20 of each document if it has so many.

    A long document is sampled over its whole length. Duplicates within a store are read once.

    Raises:
        NotFound: if there is no such store.
    """
    limit = asyncio.Semaphore(PARALLEL)
    problems: list[str] = []

    async def read(file: dict[str, Any], model: str) -> Document | None:
        async with limit:
            try:
                return await _read_document(api, file, model, -(-passages // len(files)), retry_seconds)
            except (InvalidRequest, NotFound, TooLarge) as error:
                problems.append(f"'{file['filename']}' was left out: {error.message}")
                return None

    files = {file["id"]: (file, model) async for file, model in _list_files(api, store_ids, retry_seconds)}
    read_all = await asyncio.gather(*(read(file, model) for file, model in files.values()))
    found = [document for document in read_all if document and document.passages]
    return Reading(sorted(found, key=lambda each: (each.filename, each.file_id)), sorted(problems))


async def _list_files(api: Api, store_ids: Sequence[str], retry_seconds: float) -> AsyncIterator[tuple[dict[str, Any], str]]:
    """Yield the indexed files of the stores, each with the embedding model of its store."""
    for store_id in store_ids:
        path = f"/v1/vector_stores/{store_id}"
        store = await retry(lambda path=path: api.call("GET", path), retry_seconds)  # type: ignore[misc]
        params: dict[str, Any] = {"filter": "completed", "limit": 100}
        has_more = True
        while has_more:
            page = await retry(lambda path=path, query=dict(params): api.call("GET", f"{path}/files", params=query), retry_seconds)  # type: ignore[misc]
            for file in page["data"]:
                if not file.get("duplicate_of"):
                    yield file, store["embedding_model"]
            has_more, params["after"] = page["has_more"], page["last_id"]


async def _read_document(api: Api, file: dict[str, Any], model: str, wanted: int, retry_seconds: float) -> Document:
    page_size = min(MAX_PAGE, max(MIN_PAGE, wanted // 2))
    strategy = file["chunking_strategy"]
    body = {
        "file_id": file["id"],
        "chunking_strategy": strategy["strategy"] if strategy["type"] == "other" else strategy,
        "embedding_model": model,
        "limit": page_size,
    }

    async def preview(offset: int) -> dict[str, Any]:
        page: dict[str, Any] = await retry(lambda: api.call("POST", "/v1/chunks/preview", body={**body, "offset": offset}), retry_seconds)
        return page

    first = await preview(0)
    pages = [first, *[await preview(offset) for offset in choose_offsets(first["total_chunks"], wanted, page_size)]]
    return Document(file["id"], file["filename"], _make_passages(file, [chunk for page in pages for chunk in page["data"]]))


def choose_offsets(chunks: int, wanted: int, page_size: int) -> list[int]:
    """Return the offsets of further previews, spread evenly over a document of `chunks` chunks, until `wanted` are read; at least one."""
    offsets = list(range(page_size, chunks, page_size))
    count = min(len(offsets), max(1, -(-wanted // page_size) - 1))
    return [offsets[(2 * position + 1) * len(offsets) // (2 * count)] for position in range(count)]


def _make_passages(file: dict[str, Any], chunks: list[dict[str, Any]]) -> list[Passage]:
    return [
        Passage(file["id"], file["filename"], chunk["start"], chunk["end"], join_headings(chunk), chunk["text"])
        for chunk in chunks
        if len(chunk["text"].strip()) >= MIN_CHARACTERS
    ]


def join_headings(chunk: Mapping[str, Any]) -> str:
    """Return a chunk's title and headings in one line, as prompts show them."""
    title, path = chunk.get("title") or "", chunk.get("heading_path") or []
    headings = [title, *(path[1:] if path[:1] == [title] else path)]
    return HEADING_SEPARATOR.join(heading for heading in headings if heading)
