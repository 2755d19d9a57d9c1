"""The ingest worker: a thread that claims what waits to be indexed, cancelled or removed, runs flow 1 on it, and stores how it ended.

Whatever happens, an attachment ends with a stated reason or waits to be tried again. Any number of processes may do this over
one database; the lease decides. Knows nothing of parsing or vectors.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from services.retrieval.catalog import claims, duplicates, endings, stores
from services.retrieval.catalog.records import DELETING, IN_PROGRESS, Attachment, File
from services.retrieval.index import Index
from services.retrieval.index.points import ATTACHMENT, Owner
from services.retrieval.ingestion.pipeline import Embeds, Ingested, Parses, Progress, Report, Source, Steps, Weighs, ingest
from services.retrieval.ingestion.vector_reuse import Known
from services.retrieval.lifecycle.reembed import settle
from services.retrieval.parse import InvalidFile, UnsupportedFile, parse
from services.retrieval.uploads import Folder
from shared.contracts.chunking import to_strategy
from shared.errors import StorageFull, TandemError, Unavailable
from shared.log import get_logger
from shared.records.database import Database

LEASE_SECONDS = 30.0
BEAT_SECONDS = 10.0
IDLE_SECONDS = 10.0
STOP_SECONDS = 5.0
PACE_SECONDS = 0.2
LONGEST_DELAY = 30.0
MAX_ATTEMPTS = 3

log = get_logger(__name__)


class Gone(Exception):
    """The attachment was cancelled or removed, or another process holds it by now."""


class Stopping(Exception):
    """The process is stopping."""


class Spaces(Protocol):
    """Knows which embedders there are."""

    def of_space(self, space: str) -> Embeds:
        """Return the embedder of a space. Raises Conflict where there is none."""


@dataclass(frozen=True)
class Desk:
    """Where the worker finds things."""

    database: Database
    folder: Folder
    embedders: Spaces
    bm25: Weighs
    index: Index
    parse: Parses = parse


class _Paced:
    """Passes on the first report of each stage, and else one in `PACE_SECONDS`: each is a transaction."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._met: set[str] = set()
        self._due = 0.0

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        if progress.stage not in self._met or now >= self._due:
            self._report(progress)
            self._met.add(progress.stage)
            self._due = now + PACE_SECONDS


class IngestWorker:
    """A thread; `wake` it when something was attached or removed. It indexes files of at most `largest` bytes, where that is given."""

    def __init__(self, desk: Desk, owner: str, largest: int | None = None) -> None:
        self._desk = desk
        self._largest = largest
        self._owner = owner
        self._wakeup = threading.Event()
        self._stopping = threading.Event()
        self._delay = 0.5
        self._unsettled = False
        self._thread = threading.Thread(target=self._loop, name="ingest", daemon=True)

    def start(self) -> None:
        """Begin; what an earlier process left half done comes first."""
        self._thread.start()

    def wake(self) -> None:
        """Look for work now."""
        self._wakeup.set()

    def check(self) -> None:
        """Raise Unavailable unless the thread runs."""
        if not self._thread.is_alive():
            raise Unavailable("The ingest worker is not running; start the service again.")

    def ask_to_stop(self) -> None:
        """Begin to end: no further portion is begun."""
        self._stopping.set()
        self._wakeup.set()

    def stop(self) -> None:
        """End after the portion at hand; what is not done is gone on with after the next start."""
        self.ask_to_stop()
        self._thread.join(STOP_SECONDS)

    def _loop(self) -> None:
        while not self._stopping.is_set():
            self._wakeup.clear()
            try:
                worked = self.work_once()
                pause = 0.0 if worked else self._rest()
            except TandemError as error:
                log.warning("ingest worker waits", problem=error.message)
                pause = 1.0
            except Exception:
                # A thread that ended would leave every file waiting for good.
                log.exception("ingest worker goes on after an error")
                pause = 1.0
            if pause:
                self._wakeup.wait(pause)

    def work_once(self) -> bool:
        """Claim one attachment and work on it; False where nothing waits."""
        with self._desk.database.session() as session:
            attachment = claims.claim(session, self._owner, LEASE_SECONDS, self._largest)
        if attachment is None:
            return False
        with self._beating(attachment.id):
            if attachment.status == IN_PROGRESS:
                self._ingest(attachment)
            else:
                self._remove(attachment)
        return True

    def _rest(self) -> float:
        """Settle the index after work, and return how long to wait."""
        if self._unsettled:
            self._unsettled = False
            self._desk.index.settle()
        with self._desk.database.session() as session:
            due = claims.next_due(session, self._largest)
        return IDLE_SECONDS if due is None else min(max(due, 0.05), IDLE_SECONDS)

    def _ingest(self, attachment: Attachment) -> None:
        try:
            self._complete(attachment, self._run(attachment))
        except Gone:
            self._let_go(attachment)
        except Stopping:
            self._put_back(attachment, None, 0)
        except UnsupportedFile as error:
            self._fail(attachment, "unsupported_file", str(error))
        except InvalidFile as error:
            self._fail(attachment, "invalid_file", str(error))
        except (Unavailable, StorageFull) as error:
            self._wait(attachment, error.message)
        except TandemError as error:
            self._fail(attachment, "server_error", error.message)
        except Exception as error:
            log.exception("ingest failed", attachment=attachment.id, file=attachment.file_id)
            self._fail(attachment, "server_error", f"{type(error).__name__}: {error}")

    def _run(self, attachment: Attachment) -> Ingested:
        if attachment.attempts > MAX_ATTEMPTS:
            raise TandemError(f"Given up: {attachment.attempts - 1} processes in a row died while working on this file.")
        steps = Steps(self._desk.embedders.of_space(attachment.space), self._desk.bm25, self._desk.index, self._desk.parse)
        self._unsettled = True
        return ingest(self._source(attachment), steps, _Paced(lambda progress: self._report(attachment, progress)))

    def _source(self, attachment: Attachment) -> Source:
        with self._desk.database.session() as session:
            file = session.get(File, attachment.file_id)
            versions = claims.versions(session, attachment, file.filename) if file else []
        path = self._desk.folder.place(attachment.file_id)
        if file is None or not path.is_file():
            raise InvalidFile("The file's bytes are gone.")
        owner = Owner(attachment.tenant, attachment.file_id, attachment.id, attachment.attributes)
        known = Known(self._desk.index, attachment.space, versions)
        return Source(path, file.filename, to_strategy(attachment.chunking), owner, known)

    def _report(self, attachment: Attachment, progress: Progress) -> None:
        if self._stopping.is_set():
            raise Stopping
        counts = progress.chunks_done, progress.chunk_count
        with self._desk.database.session() as session:
            if not claims.move(session, attachment.id, self._owner, progress.stage, progress.percent, LEASE_SECONDS, *counts):
                raise Gone

    def _complete(self, attachment: Attachment, result: Ingested) -> None:
        while not self._is_completed(attachment, result):
            # They were changed while the file was indexed: the points follow before anybody can find them.
            self._desk.index.set_attributes(attachment.space, {ATTACHMENT: attachment.id}, attachment.attributes)
        self._delay = 0.5
        settle(self._desk.database, attachment.vector_store_id)
        about = {"file": attachment.file_id, "vector_store": attachment.vector_store_id}
        log.info("file indexed", **about, chunks=result.chunk_count, chunks_reused=result.chunks_reused)

    def _is_completed(self, attachment: Attachment, result: Ingested) -> bool:
        """End the work; False where the attributes are not those that were indexed any more."""
        with self._desk.database.session() as session:
            stores.lock(session, [attachment.vector_store_id])
            if not claims.renew(session, attachment.id, self._owner, LEASE_SECONDS):
                raise Gone
            # Nobody changes them from here to the end of the transaction, and after it only together with the index.
            indexed, attachment.attributes = attachment.attributes, claims.attributes(session, attachment.id)
            if attachment.attributes != indexed:
                return False
            done = claims.complete(session, attachment.id, self._owner, result.chunk_count, result.usage_bytes, result.note)
            if done:
                endings.settle(session, attachment.id)
            return done

    def _fail(self, attachment: Attachment, code: str, message: str) -> None:
        # Only while the lease is held: else somebody else may be writing for this attachment by now.
        with self._desk.database.session() as session:
            held = claims.renew(session, attachment.id, self._owner, LEASE_SECONDS)
        if problem := self._clear(attachment) if held else None:
            self._wait(attachment, problem)
            return
        with self._desk.database.session() as session:
            stores.lock(session, [attachment.vector_store_id])
            done = claims.fail(session, attachment.id, self._owner, code, message)
            if done:
                duplicates.follow(session, attachment.id)
        if not done:
            self._let_go(attachment)
        settle(self._desk.database, attachment.vector_store_id)
        log.warning("file not indexed", file=attachment.file_id, code=code, problem=message)

    def _clear(self, attachment: Attachment) -> str | None:
        """Remove the points of an attachment that is about to fail; return why that cannot be done now."""
        try:
            self._desk.index.delete(attachment.space, {ATTACHMENT: attachment.id})
        except (Unavailable, StorageFull) as error:
            return error.message
        return None

    def _wait(self, attachment: Attachment, message: str) -> None:
        """Try again later, and later each time."""
        log.warning("ingest waits", file=attachment.file_id, problem=message, seconds=self._delay)
        self._put_back(attachment, message, self._delay)
        self._delay = min(self._delay * 2, LONGEST_DELAY)

    def _put_back(self, attachment: Attachment, message: str | None, delay: float) -> None:
        with self._desk.database.session() as session:
            done = claims.put_back(session, attachment.id, self._owner, message, delay)
        if not done:
            self._let_go(attachment)

    def _let_go(self, attachment: Attachment, delay: float = 0) -> None:
        with self._desk.database.session() as session:
            claims.let_go(session, attachment.id, self._owner, delay)
            is_there = session.get(Attachment, attachment.id) is not None
        if not is_there:
            # The lease had ended, and with it went the record: nobody else would remove what was written since.
            self._desk.index.delete(attachment.space, {ATTACHMENT: attachment.id})

    def _remove(self, attachment: Attachment) -> None:
        """Take the points of an attachment that was removed or cancelled out of the index, then end it."""
        try:
            self._desk.index.delete(attachment.space, {ATTACHMENT: attachment.id})
        except Unavailable as error:
            log.warning("removal waits", file=attachment.file_id, problem=error.message, seconds=self._delay)
            self._let_go(attachment, self._delay)
            self._delay = min(self._delay * 2, LONGEST_DELAY)
            return
        self._unsettled = True
        with self._desk.database.session() as session:
            if attachment.status == DELETING:
                claims.remove(session, attachment.id, self._owner)
            elif not claims.cancelled(session, attachment.id, self._owner):
                claims.let_go(session, attachment.id, self._owner)

    @contextmanager
    def _beating(self, id: str) -> Iterator[None]:
        """Keep the lease alive through steps that report nothing for long."""
        done = threading.Event()
        thread = threading.Thread(target=self._beat, args=(id, done), name="ingest-heartbeat", daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()

    def _beat(self, id: str, done: threading.Event) -> None:
        while not done.wait(BEAT_SECONDS):
            try:
                with self._desk.database.session() as session:
                    claims.keep(session, id, self._owner, LEASE_SECONDS)
            except TandemError as error:
                log.warning("heartbeat failed", problem=error.message)
            except Exception:
                log.exception("heartbeat failed")
