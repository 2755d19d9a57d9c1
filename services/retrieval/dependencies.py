"""What routes receive: the parts that `wiring.py` built, the caller's project, and the requested page of a list."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Protocol

from fastapi import Depends, Query, Request

from services.retrieval.embedding.embedders import Embedders
from services.retrieval.index import Index
from services.retrieval.parse import Document
from services.retrieval.search.rerank import Reranker
from services.retrieval.search.search import Searcher
from services.retrieval.uploads import UploadFolder
from shared.contracts.paging import Order, PageRequest
from shared.records.database import Database
from shared.web.auth import Authenticator, current_project


class Ingestion(Protocol):
    """Indexes attached files and deletes the chunks of deleted ones: in threads of this process, or by notifying worker processes."""

    def start(self) -> None:
        """Start working."""

    def wake(self) -> None:
        """Look for work now; returns immediately."""

    def check(self) -> None:
        """Raise Unavailable unless it runs."""

    def stop(self) -> None:
        """Stop working."""


class DocumentParser(Protocol):
    """Parses files outside this process."""

    def __call__(self, path: Path, filename: str) -> Document:
        """Return the document in the bytes at `path`. Raises UnsupportedFile or InvalidFile."""

    def close(self) -> None:
        """End its processes."""


@dataclass(frozen=True)
class Parts:
    """Everything the service consists of."""

    authenticator: Authenticator
    database: Database
    folder: UploadFolder
    embedders: Embedders
    index: Index
    parser: DocumentParser
    searcher: Searcher
    ingestion: Ingestion
    max_file_bytes: int
    reranker: Reranker | None = None


def _parts(request: Request) -> Parts:
    parts: Parts = request.app.state.parts
    return parts


def _page_request(
    limit: Annotated[int, Query(ge=1, le=100)] = 20, order: Order = "desc", after: str | None = None, before: str | None = None
) -> PageRequest:
    return PageRequest(limit, order, after, before)


def _long_page_request(
    limit: Annotated[int, Query(ge=1, le=10_000)] = 10_000, order: Order = "desc", after: str | None = None, before: str | None = None
) -> PageRequest:
    return PageRequest(limit, order, after, before)


PartsDep = Annotated[Parts, Depends(_parts)]
ProjectDep = Annotated[str, Depends(current_project)]
PageRequestDep = Annotated[PageRequest, Depends(_page_request)]
LongPageRequestDep = Annotated[PageRequest, Depends(_long_page_request)]
