"""A point: a chunk with its vectors, and the fields that it is found and deleted by."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from services.retrieval.chunk import Chunk, Parent
from services.retrieval.index.attributes import FACETS, attribute_fields

DENSE = "dense"
KEYWORDS = "keywords"
TENANT = "vector_store_id"  # followed by an edition, see `catalog.records`
ATTACHMENT = "attachment_id"
KEYWORD_FIELDS = (TENANT, ATTACHMENT, FACETS)
NAMESPACE = uuid.UUID("6f1d1c4e-52a5-4c0e-9d0b-6d3f5b1c7a52")


@dataclass(frozen=True)
class SparseVector:
    """The weights of terms."""

    indices: list[int]
    values: list[float]


@dataclass(frozen=True)
class Query:
    """What to search for: by meaning, by keywords, or both.

    A vector that is still being computed is a function that waits for it. So an index can search by keywords meanwhile.
    """

    vector: list[float] | Callable[[], list[float]] | None = None
    keywords: SparseVector | None = None

    def wait_for_vector(self) -> list[float] | None:
        """Return the vector, as soon as it is computed."""
        return self.vector() if callable(self.vector) else self.vector

    def computed(self) -> "Query":
        """Return the query with its vector, as soon as it is computed."""
        return Query(self.wait_for_vector(), self.keywords)


@dataclass(frozen=True)
class Hit:
    """A point that a search found."""

    id: str
    score: float


@dataclass(frozen=True)
class Point:
    """What the index stores: an id, the two vectors, the fields."""

    id: str
    vector: list[float]
    keywords: SparseVector
    fields: dict[str, Any]


@dataclass(frozen=True)
class StoredChunk:
    """A chunk read back from the index, and the attachment it belongs to."""

    attachment_id: str
    chunk: Chunk


@dataclass(frozen=True)
class ChunkOwner:
    """What a chunk belongs to. `attachment_id` names one attachment of the file to one edition of a store."""

    tenant: str
    file_id: str
    attachment_id: str
    attributes: Mapping[str, Any] | None = None


def to_point(owner: ChunkOwner, chunk: Chunk, vector: list[float], keywords: SparseVector) -> Point:
    """Return the point of a chunk. Its id follows from owner and position, so that indexing again replaces it."""
    location = {"position": chunk.position, "start": chunk.start, "end": chunk.end, "page": chunk.page}
    fields = {
        TENANT: owner.tenant,
        ATTACHMENT: owner.attachment_id,
        "file_id": owner.file_id,
        **attribute_fields(owner.attributes),
        "text": chunk.text,
        "heading_path": chunk.heading_path,
        "title": chunk.title,
        **location,
        **_parent_fields(chunk.parent),
    }
    return Point(point_id(owner.tenant, owner.file_id, owner.attachment_id, chunk.position), vector, keywords, fields)


def point_id(tenant: str, file_id: str, attachment_id: str, position: int) -> str:
    """Return the id of the point of a chunk."""
    return str(uuid.uuid5(NAMESPACE, f"{tenant}/{file_id}/{attachment_id}/{position}"))


def to_stored_chunk(fields: Mapping[str, Any]) -> StoredChunk:
    """Return the chunk that `to_point` put into a point's fields."""
    names = ("position", "text", "start", "end", "page", "heading_path", "title")
    chunk: dict[str, Any] = {name: fields.get(name) for name in names}
    return StoredChunk(fields[ATTACHMENT], Chunk(**chunk, parent=_to_parent(fields)))


def _parent_fields(parent: Parent | None) -> dict[str, Any]:
    return {"parent_start": parent.start, "parent_end": parent.end, "parent_text": parent.text} if parent else {}


def _to_parent(fields: Mapping[str, Any]) -> Parent | None:
    if fields.get("parent_text") is None:
        return None
    return Parent(fields["parent_text"], fields["parent_start"], fields["parent_end"])
