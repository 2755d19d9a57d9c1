"""Files and searches for the tests of the search room."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from services.retrieval.chunk import Chunk
from services.retrieval.index.points import ChunkOwner, to_point
from services.retrieval.search.hits import ChunkHit
from services.retrieval.search.search import SearchResult
from shared.contracts.search import SearchRequest
from tests.retrieval_harness import RetrievalHarness

WORDS = ("turquoise seal", "orange valve", "green pump")


@dataclass
class LengthReranker:
    """Prefers short passages, as a cross-encoder may, and records how many it scored."""

    name: str = "short-is-good"
    batch_sizes: list[int] = field(default_factory=list)

    def deadline(self) -> float:
        return 0

    def score(self, query: str, texts: Sequence[str], deadline: float) -> list[float]:
        self.batch_sizes.append(len(texts))
        return [1 / (1 + len(text)) for text in texts]


def attach_and_index(harness: RetrievalHarness, *texts: str, filename: str = "a.txt", store_id: str = "vs_1") -> list[str]:
    ids = [harness.attach(text, filename, store_id) for text in texts]
    harness.work()
    return ids


def index_chunks(harness: RetrievalHarness, texts: Sequence[str], **attributes: Any) -> str:
    """Index one file with these chunks, each a line of it; return its id."""
    (file_id,) = attach_and_index(harness, texts[0])
    owner = ChunkOwner("vs_1", file_id, harness.attachment(file_id).id, attributes)
    start, points = 0, []
    for position, text in enumerate(texts):
        chunk = Chunk(position, text, start, start + len(text), None, [], None)
        points.append(to_point(owner, chunk, harness.embedder.embed_query(text), harness.bm25.encode_passage(text)))
        start += len(text) + 1
    harness.index.upsert("words", points)
    return file_id


def search(harness: RetrievalHarness, query: str | list[str], **options: Any) -> SearchResult:
    request = SearchRequest.model_validate({"query": query, **options})
    return harness.searcher.search("default", ["vs_1", *request.vector_store_ids], request)


def texts(found: Sequence[ChunkHit]) -> list[str]:
    return [hit.text for hit in found]
