"""Indexes one claimed file and records how it ended: completed, failed with a reason, or back in the queue to be tried again."""

import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Protocol

from services.retrieval.catalog import ingest_queue
from services.retrieval.catalog.records import File
from services.retrieval.contracts.chunking import parse_strategy
from services.retrieval.index import Index
from services.retrieval.index.points import ATTACHMENT, ChunkOwner
from services.retrieval.ingestion.backoff import Backoff
from services.retrieval.ingestion.lease import Lease, LeaseLost
from services.retrieval.ingestion.pipeline import (
    Components,
    IngestResult,
    Progress,
    ReportProgress,
    Source,
    SpaceEmbedder,
    SparseEncoder,
    StoppableParser,
    ingest,
)
from services.retrieval.ingestion.vector_reuse import ReusableVectors
from services.retrieval.parse import InvalidFile, UnsupportedFile
from services.retrieval.uploads import UploadFolder
from shared.errors import StorageFull, TandemError, Unavailable
from shared.log import get_logger
from shared.records.database import Database

REPORT_INTERVAL_SECONDS = 0.2
MAX_ATTEMPTS = 3
UNEXPECTED = "The service failed while it indexed this file. Attach it again; if that fails too, ask the operator. The log says why."

log = get_logger(__name__)


class Stopping(Exception):
    """The process is stopping."""


class EmbeddersBySpace(Protocol):
    """The configured embedders."""

    def find_by_space(self, space: str) -> SpaceEmbedder:
        """Return the embedder of a space. Raises Conflict if there is none."""


@dataclass(frozen=True)
class IngestDependencies:
    """What ingest workers use. `after_file` is called with a store's id when the indexing of a file in it has ended.

    `clock` returns seconds and never goes back.
    """

    database: Database
    folder: UploadFolder
    embedders: EmbeddersBySpace
    bm25: SparseEncoder
    index: Index
    parse: StoppableParser
    after_file: Callable[[str], None]
    backoff: Backoff = field(default_factory=Backoff)
    clock: Callable[[], float] = time.monotonic


def index_file(lease: Lease, dependencies: IngestDependencies, is_stopping: Callable[[], bool]) -> Iterator[None]:
    """Index the file, and yield after each batch of chunks.

    Whatever happens, the record says how indexing ended, or that it will be tried again and why.
    """
    try:
        yield from _index_or_record_failure(lease, dependencies, is_stopping)
    except LeaseLost:
        lease.release()


def _index_or_record_failure(lease: Lease, dependencies: IngestDependencies, is_stopping: Callable[[], bool]) -> Iterator[None]:
    try:
        result = yield from _measure(_ingest(lease, dependencies, is_stopping), dependencies.clock)
        _complete(lease, result, dependencies)
    except LeaseLost:
        raise
    except Stopping:
        lease.requeue(None, 0)
    except UnsupportedFile as error:
        _fail(lease, dependencies, "unsupported_file", str(error))
    except InvalidFile as error:
        _fail(lease, dependencies, "invalid_file", str(error))
    except (Unavailable, StorageFull) as error:
        _retry_later(lease, dependencies, error.message)
    except TandemError as error:
        _fail(lease, dependencies, "server_error", error.message)
    except Exception:
        log.exception("indexing failed", attachment=lease.id, file=lease.attachment.file_id)
        _fail(lease, dependencies, "server_error", UNEXPECTED)


def _measure(turns: Generator[None, None, IngestResult], clock: Callable[[], float]) -> Generator[None, None, IngestResult]:
    """Take the turns, and return the result with the seconds that they took.

    The time between turns, in which the worker works on other files, does not count. So the seconds of all files add up to the time
    that workers were busy, and not to more if one of them has several files open. An attempt that fails has no result: the seconds
    are those of the attempt that succeeds.
    """
    seconds = 0.0
    with closing(turns):
        while True:
            started = clock()
            try:
                next(turns)
            except StopIteration as end:
                result: IngestResult = end.value
                return replace(result, seconds=seconds + clock() - started)
            seconds += clock() - started
            yield


def _ingest(lease: Lease, dependencies: IngestDependencies, is_stopping: Callable[[], bool]) -> Generator[None, None, IngestResult]:
    attachment = lease.attachment
    if attachment.attempts > MAX_ATTEMPTS:
        problem = f"Indexing was stopped because {attachment.attempts - 1} processes in a row ended while they worked on this file"
        raise TandemError(f"{problem}. Split it into several files, or ask the operator of this server.")
    embedder = dependencies.embedders.find_by_space(attachment.space)
    components = Components(embedder, dependencies.bm25, dependencies.index, dependencies.parse)
    result = yield from ingest(_source(lease, dependencies), components, _throttled(_reporter(lease, is_stopping)))
    return result


def _source(lease: Lease, dependencies: IngestDependencies) -> Source:
    attachment = lease.attachment
    with dependencies.database.session() as session:
        file = session.get(File, attachment.file_id)
        versions = ingest_queue.find_indexed_versions(session, attachment, file.filename) if file else []
    path = dependencies.folder.path_of(attachment.file_id)
    if file is None or not path.is_file():
        raise InvalidFile("The file's content no longer exists. Upload it again.")
    owner = ChunkOwner(attachment.tenant, attachment.file_id, attachment.id, attachment.attributes)
    reusable = ReusableVectors(dependencies.index, attachment.space, versions)
    return Source(path, file.filename, parse_strategy(attachment.chunking), owner, reusable)


def _reporter(lease: Lease, is_stopping: Callable[[], bool]) -> ReportProgress:
    def report(progress: Progress) -> None:
        if is_stopping():
            raise Stopping
        lease.report(progress)

    return report


def _throttled(report: ReportProgress) -> ReportProgress:
    """Pass on the first report of each stage, and otherwise one in `REPORT_INTERVAL_SECONDS`: each is a transaction."""
    seen: set[str] = set()
    due = 0.0

    def throttled(progress: Progress) -> None:
        nonlocal due
        now = time.monotonic()
        if progress.stage not in seen or now >= due:
            report(progress)
            seen.add(progress.stage)
            due = now + REPORT_INTERVAL_SECONDS

    return throttled


def _complete(lease: Lease, result: IngestResult, dependencies: IngestDependencies) -> None:
    attachment, attributes = lease.attachment, lease.attachment.attributes
    while not lease.complete(result, attributes):
        # They changed while the file was indexed. The points must have the new ones before a search can find them.
        attributes = lease.attributes()
        dependencies.index.set_attributes(attachment.space, {ATTACHMENT: lease.id}, attributes)
    dependencies.backoff.reset(lease.id)
    dependencies.after_file(attachment.vector_store_id)
    figures = {"chunks": result.chunk_count, "chunks_reused": result.chunks_reused, "seconds": round(result.seconds or 0.0, 3)}
    log.info("file indexed", file=attachment.file_id, vector_store=attachment.vector_store_id, **figures)


def _fail(lease: Lease, dependencies: IngestDependencies, code: str, message: str) -> None:
    if not lease.renew():
        # Another worker may be writing points for this attachment by now.
        raise LeaseLost
    try:
        dependencies.index.delete(lease.attachment.space, {ATTACHMENT: lease.id})
    except (Unavailable, StorageFull) as error:
        _retry_later(lease, dependencies, error.message)
        return
    lease.fail(code, message)
    dependencies.backoff.reset(lease.id)
    dependencies.after_file(lease.attachment.vector_store_id)
    log.warning("file not indexed", file=lease.attachment.file_id, code=code, problem=message)


def _retry_later(lease: Lease, dependencies: IngestDependencies, problem: str) -> None:
    delay = dependencies.backoff.next_delay(lease.id)
    log.warning("file will be indexed later", file=lease.attachment.file_id, problem=problem, delay_seconds=delay)
    lease.requeue(problem, delay)
