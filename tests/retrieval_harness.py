"""The retrieval service's parts on one machine without any real server: SQLite, and an index and embedders in plain Python."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from services.retrieval.catalog import attachments, files, stores
from services.retrieval.catalog.records import Attachment, File, Store
from services.retrieval.chunk import AUTO
from services.retrieval.dependencies import Parts
from services.retrieval.embedding.embedders import Embedders
from services.retrieval.ingestion.index_file import IngestDependencies
from services.retrieval.ingestion.pipeline import Check, StoppableParser
from services.retrieval.ingestion.worker import IngestWorker
from services.retrieval.lifecycle.reembed import advance_reembeddings
from services.retrieval.parse import Document
from services.retrieval.parse.read import read_document
from services.retrieval.search.hits import ChunkHit
from services.retrieval.search.search import Searcher
from services.retrieval.uploads import UploadFolder
from services.retrieval.wiring import MIGRATIONS
from shared.contracts.search import SearchRequest
from shared.ids import new_id
from shared.records.database import Database, migrate
from shared.web.auth import open_authenticator
from tests.fake_embedder import LetterEmbedder, WordEmbedder
from tests.fake_index import FakeBm25, FakeIndex
from tests.migrated import open_migrated


class InProcessParser:
    """Parses in the test's own process, which the service never does."""

    def __call__(self, path: Path, filename: str, check: Check = lambda: None) -> Document:
        return read_document(path, filename)

    def close(self) -> None:
        """Do nothing."""


class RetrievalHarness:
    """A database, an index, a folder, embedders `words` and `letters`, and one store `vs_1` in project `default`.

    `database_url`, `index` and `embedder` take the place of SQLite, `FakeIndex` and `WordEmbedder`.
    """

    def __init__(self, path: Path, *, database_url: str | None = None, index: Any = None, embedder: Any = None, bm25: Any = None) -> None:
        self.path = path
        self.database = _migrate(database_url) if database_url else open_migrated(path / "retrieval.db", MIGRATIONS)
        self.authenticator = open_authenticator(self.database, {}, None)
        self.folder = UploadFolder(path / "files")
        self.index = FakeIndex() if index is None else index
        self.embedder = WordEmbedder() if embedder is None else embedder
        self.letters = LetterEmbedder()
        embedders: Any = [self.embedder, self.letters]
        self.embedders = Embedders(embedders)
        self.bm25 = FakeBm25() if bm25 is None else bm25
        self.searcher = Searcher(self.embedders, self.bm25, self.index, self.database)
        self.add_store("vs_1")

    def add_store(self, store_id: str) -> str:
        """Create a store, embedded by the default embedder, and return its id."""
        names = {"name": "", "embedding_model": self.embedder.name, "space": self.embedder.space}
        with self.database.session() as session:
            stores.add(session, Store(id=store_id, project_id="default", **names))
        return store_id

    def attach(self, text: str | bytes, filename: str = "a.txt", store_id: str = "vs_1") -> str:
        """Store a file, attach it to a store, and return its id."""
        file = File(id=new_id("file-"), project_id="default", filename=filename, purpose="assistants", bytes=len(text), sha256="")
        self.folder.path_of(file.id).write_bytes(text if isinstance(text, bytes) else text.encode())
        with self.database.session() as session:
            files.add(session, file)
            store = stores.find(session, "default", store_id)
            attachments.attach(session, store, file, attachments.AttachOptions(None, AUTO.model_dump(), chunking_is_default=True))
        return file.id

    def attachment(self, file_id: str, store_id: str = "vs_1") -> Attachment:
        """Return the record of a file in a store."""
        with self.database.session() as session:
            return attachments.find(session, store_id, file_id)

    def store(self, store_id: str = "vs_1") -> Store:
        """Return the record of a store."""
        with self.database.session() as session:
            return stores.find(session, "default", store_id)

    def ingest_dependencies(self, parse: StoppableParser | None = None) -> IngestDependencies:
        """Return what ingest workers use."""

        def after_file(store_id: str) -> None:
            advance_reembeddings(self.database, store_id)

        parts = (self.database, self.folder, self.embedders, self.bm25, self.index)
        return IngestDependencies(*parts, parse or InProcessParser(), after_file)

    def worker(self, owner: str = "me") -> IngestWorker:
        """Return a worker that is not started."""
        return IngestWorker(self.ingest_dependencies(), owner)

    def work(self) -> int:
        """Work until nothing waits; return how many attachments were worked on."""
        worker, count = self.worker(), 0
        while worker.work_once():
            count += 1
        return count

    def search(self, query: str, **options: Any) -> list[ChunkHit]:
        """Return the hits in `vs_1`; `options` are fields of the request."""
        request = SearchRequest.model_validate({"query": query, **options})
        return self.searcher.search("default", ["vs_1", *request.vector_store_ids], request).hits

    def count_points(self, **where: str) -> int:
        """Return how many points of the default embedder have these field values."""
        return int(self.index.count(self.embedder.space, where))

    def parts(self, ingestion: Any = None, max_file_bytes: int = 1_000_000) -> Parts:
        """Return the parts of the service; nothing is indexed unless `ingestion` is started."""
        return Parts(
            authenticator=self.authenticator,
            database=self.database,
            folder=self.folder,
            embedders=self.embedders,
            index=self.index,
            parser=InProcessParser(),
            searcher=self.searcher,
            ingestion=ingestion or self.worker(),
            max_file_bytes=max_file_bytes,
        )

    def close(self) -> None:
        """Close the index and the database."""
        self.index.close()
        self.database.close()


def call_once(happening: Callable[[], object], number: int = 1) -> Callable[[], None]:
    """Return a function that calls `happening` the `number`-th time it is called, and does nothing otherwise."""
    calls = 0

    def call() -> None:
        nonlocal calls
        calls += 1
        if calls == number:
            happening()

    return call


def _migrate(database_url: str) -> Database:
    database = Database(database_url)
    migrate(database, MIGRATIONS)
    return database
