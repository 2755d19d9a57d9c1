"""What routes are handed: the parts that `app.py` put together, the caller's project, a page's cursor."""

from dataclasses import dataclass
from typing import Annotated, Protocol

from fastapi import Depends, Query, Request

from services.retrieval.catalog.pages import Cursor
from services.retrieval.embedding.embedders import Embedders
from services.retrieval.index import Index
from services.retrieval.parse.sandbox import IsolatedParser
from services.retrieval.search.rerank import Reranker
from services.retrieval.search.search import Searcher
from services.retrieval.uploads import Folder
from shared.contracts.wire import Order
from shared.records.database import Database
from shared.web.auth import Authenticator, current_project


class Ingests(Protocol):
    """What sees to it that attached files are indexed and removed ones cleared up: in this process, or by waking others."""

    def start(self) -> None:
        """Begin."""

    def wake(self) -> None:
        """Look for work now; returns at once."""

    def check(self) -> None:
        """Raise Unavailable unless it runs."""

    def stop(self) -> None:
        """End."""


@dataclass(frozen=True)
class Parts:
    """Everything the service consists of."""

    authenticator: Authenticator
    database: Database
    folder: Folder
    embedders: Embedders
    index: Index
    searcher: Searcher
    worker: Ingests
    max_file_bytes: int
    reranker: Reranker | None = None
    parser: IsolatedParser | None = None


def _parts(request: Request) -> Parts:
    parts: Parts = request.app.state.parts
    return parts


def _cursor(
    limit: Annotated[int, Query(ge=1, le=100)] = 20, order: Order = "desc", after: str | None = None, before: str | None = None
) -> Cursor:
    return Cursor(limit, order, after, before)


def _long_cursor(
    limit: Annotated[int, Query(ge=1, le=10_000)] = 10_000, order: Order = "desc", after: str | None = None, before: str | None = None
) -> Cursor:
    return Cursor(limit, order, after, before)


UsesParts = Annotated[Parts, Depends(_parts)]
OfProject = Annotated[str, Depends(current_project)]
UsesCursor = Annotated[Cursor, Depends(_cursor)]
UsesLongCursor = Annotated[Cursor, Depends(_long_cursor)]
