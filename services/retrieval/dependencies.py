"""What routes receive: each the parts of the service that it needs, the caller's project, and the requested page of a list."""

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
from shared.contracts.paging import PageQuery, PageRequest
from shared.records.database import Database
from shared.web.auth import Authenticator, current_caller


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
    """Everything the service consists of, as `wiring.py` builds it. Only `app.py` sees the whole."""

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


# FastAPI runs plain functions in a thread on every call, so these are asynchronous although they wait for nothing.
async def _database(request: Request) -> Database:
    return _parts(request).database


async def _folder(request: Request) -> UploadFolder:
    return _parts(request).folder


async def _embedders(request: Request) -> Embedders:
    return _parts(request).embedders


async def _index(request: Request) -> Index:
    return _parts(request).index


async def _parser(request: Request) -> DocumentParser:
    return _parts(request).parser


async def _searcher(request: Request) -> Searcher:
    return _parts(request).searcher


async def _ingestion(request: Request) -> Ingestion:
    return _parts(request).ingestion


async def _reranker(request: Request) -> Reranker | None:
    return _parts(request).reranker


async def _max_file_bytes(request: Request) -> int:
    return _parts(request).max_file_bytes


async def _project(request: Request) -> str:
    return current_caller(request).project_id


async def _page_request(query: Annotated[PageQuery, Query()]) -> PageRequest:
    return query.page_request()


DatabaseDep = Annotated[Database, Depends(_database)]
FolderDep = Annotated[UploadFolder, Depends(_folder)]
EmbeddersDep = Annotated[Embedders, Depends(_embedders)]
IndexDep = Annotated[Index, Depends(_index)]
ParserDep = Annotated[DocumentParser, Depends(_parser)]
SearcherDep = Annotated[Searcher, Depends(_searcher)]
IngestionDep = Annotated[Ingestion, Depends(_ingestion)]
RerankerDep = Annotated[Reranker | None, Depends(_reranker)]
MaxFileBytesDep = Annotated[int, Depends(_max_file_bytes)]
ProjectDep = Annotated[str, Depends(_project)]
PageRequestDep = Annotated[PageRequest, Depends(_page_request)]
