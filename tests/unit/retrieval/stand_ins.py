"""An embedder, an index that can be away, documents, and a whole desk for the ingest worker: light, and behaving as the real ones do."""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from services.retrieval.app import MIGRATIONS
from services.retrieval.catalog import attachments, files, stores
from services.retrieval.catalog.records import Attachment, File, Store
from services.retrieval.chunk import AUTO
from services.retrieval.embedding.embed import Vectors
from services.retrieval.embedding.embedders import Embedders
from services.retrieval.index import Point
from services.retrieval.index.bm25 import Bm25
from services.retrieval.index.edge import EdgeIndex
from services.retrieval.ingestion.worker import Desk, IngestWorker
from services.retrieval.search.search import Searcher
from services.retrieval.uploads import Folder
from shared.errors import Unavailable
from shared.ids import new_id
from shared.records.database import Database, migrate
from shared.web.auth import open_authenticator

TOKEN = re.compile(r"\w+|[^\w\s]")
WORD = re.compile(r"\w+")


class WordEmbedder:
    """Texts that share words are near each other; a token is a word or a mark. `pause` is called before each portion."""

    space = "words"
    name = "words"
    dimension = 64

    def __init__(self) -> None:
        self.pause: Callable[[], None] = lambda: None
        self.loaded: Callable[[], None] = lambda: None
        self.embedded: list[str] = []

    def check(self) -> None:
        """Do nothing: it is always there."""

    def close(self) -> None:
        """Do nothing."""

    def offsets(self, text: str) -> list[tuple[int, int]]:
        return [match.span() for match in TOKEN.finditer(text)]

    def sizes(self, texts: Sequence[str]) -> list[int]:
        return [len(self.offsets(text)) for text in texts]

    def prompt(self, kind: str) -> str | None:
        return None

    def room(self, prompt: str | None = None) -> int:
        return 64

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.pause()
        self.embedded += texts
        return np.array([self.embed_query(text) for text in texts], np.float32).reshape(len(texts), self.dimension)

    def embed_query(self, text: str) -> list[float]:
        vector = [0.01] * self.dimension
        for word in WORD.findall(text.lower()):
            vector[hashlib.sha256(word.encode()).digest()[0] % self.dimension] += 1.0
        length = sum(number * number for number in vector) ** 0.5
        return [number / length for number in vector]


class LetterEmbedder(WordEmbedder):
    """Another one, whose vectors are in another space."""

    space = "letters"
    name = "letters"
    dimension = 32


class FlakyIndex(EdgeIndex):
    """Edge, which fails as a server that went away does while `away` is set."""

    away = False
    exclusive = True

    def prepare(self, space: str, dimension: int) -> None:
        self._answer()
        super().prepare(space, dimension)

    def upsert(self, space: str, points: Sequence[Point]) -> None:
        self._answer()
        super().upsert(space, points)

    def delete(self, space: str, where: Mapping[str, str]) -> None:
        self._answer()
        super().delete(space, where)

    def set_attributes(self, space: str, where: Mapping[str, str], attributes: Mapping[str, Any] | None) -> None:
        self._answer()
        super().set_attributes(space, where, attributes)

    def _answer(self) -> None:
        if self.away:
            raise Unavailable("The Qdrant server at http://nowhere (RETRIEVAL_QDRANT_URL) cannot be reached.")


@dataclass
class Office:
    """A database, an index, a folder, and one store `vs_1` in project `default`."""

    path: Path
    embedder: WordEmbedder = field(default_factory=WordEmbedder)

    def __post_init__(self) -> None:
        self.letters = LetterEmbedder()
        embedders: Any = [self.embedder, self.letters]
        self.embedders = Embedders(embedders, most=2)
        self.database = Database(f"sqlite:///{self.path / 'retrieval.db'}")
        migrate(self.database, MIGRATIONS)
        open_authenticator(self.database, {}, None)
        self.index = FlakyIndex(self.path / "index")
        self.folder = Folder(self.path / "files")
        self.bm25 = Bm25()
        self.searcher = Searcher(self.embedders, self.bm25, self.index, self.database)
        with self.database.session() as session:
            stores.add(session, Store(id="vs_1", project_id="default", name="", embedding_model="words", space="words"))

    def worker(self, owner: str = "me") -> IngestWorker:
        """Return a worker that is not started."""
        return IngestWorker(Desk(self.database, self.folder, self.embedders, self.bm25, self.index), owner)

    def put(self, text: str | bytes, filename: str = "a.txt", store_id: str = "vs_1") -> str:
        """Store a file, attach it, and return its id."""
        file = File(id=new_id("file-"), project_id="default", filename=filename, purpose="assistants", bytes=len(text), sha256="")
        self.folder.place(file.id).write_bytes(text if isinstance(text, bytes) else text.encode())
        with self.database.session() as session:
            files.add(session, file)
            store = stores.find(session, "default", store_id)
            attachments.attach(session, store, file, attachments.Terms(None, AUTO.model_dump(), chunking_is_default=True))
        return file.id

    def look(self, file_id: str, store_id: str = "vs_1") -> Attachment:
        """Return the file in the store."""
        with self.database.session() as session:
            return attachments.find(session, store_id, file_id)

    def store(self, store_id: str = "vs_1") -> Store:
        """Return a store as it is now."""
        with self.database.session() as session:
            return stores.find(session, "default", store_id)

    def close(self) -> None:
        """Let go of everything."""
        self.index.close()
        self.database.close()


def make_pdf(pages: list[str], title: str = "") -> bytes:
    """Return a PDF with one line of text for each line of a page (ASCII, without brackets)."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for page in pages:
        lines = "".join(f"({line}) Tj 0 -14 Td " for line in page.split("\n"))
        content = f"BT /F1 11 Tf 50 750 Td {lines}ET".encode()
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
        font = b"<< /Font << /F1 3 0 R >> >>"
        objects.append(b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources %s /Contents %d 0 R >>" % (font, len(objects)))
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    objects.append(b"<< /Title (%s) >>" % title.encode())
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    xref = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return bytes(
        out + b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(objects), xref)
    )
