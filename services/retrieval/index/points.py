"""What a point is: a chunk with its vectors, and the fields it can be found and deleted by."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.retrieval.chunk import Chunk, Parent
from services.retrieval.index.attributes import FACETS, attribute_fields

DENSE = "dense"
KEYWORDS = "keywords"
TENANT = "vector_store_id"  # with an edition behind it, see `catalog.records`
ATTACHMENT = "attachment_id"
KEYWORD_FIELDS = (TENANT, ATTACHMENT, FACETS)
NAMESPACE = uuid.UUID("6f1d1c4e-52a5-4c0e-9d0b-6d3f5b1c7a52")


@dataclass(frozen=True)
class Sparse:
    """A sparse vector: weights of terms."""

    indices: list[int]
    values: list[float]


@dataclass(frozen=True)
class Query:
    """What is looked for: by meaning, by keywords, or both."""

    vector: list[float] | None = None
    keywords: Sparse | None = None


@dataclass(frozen=True)
class Hit:
    """A point that was found."""

    id: str
    score: float


@dataclass(frozen=True)
class Point:
    """What is stored: an id, the two vectors, the fields."""

    id: str
    vector: list[float]
    keywords: Sparse
    fields: dict[str, Any]


@dataclass(frozen=True)
class Stored:
    """What is read back: the attachment the chunk belongs to, and the chunk."""

    attachment_id: str
    chunk: Chunk


@dataclass(frozen=True)
class Owner:
    """What a chunk belongs to; `attachment_id` names one stay of one file in one edition of a store."""

    tenant: str
    file_id: str
    attachment_id: str
    attributes: Mapping[str, Any] | None = None


def to_point(owner: Owner, chunk: Chunk, vector: list[float], keywords: Sparse) -> Point:
    """Return the point of a chunk. Its id follows from owner and position, so that indexing again replaces it."""
    place = {"position": chunk.position, "start": chunk.start, "end": chunk.end, "page": chunk.page}
    fields = {
        TENANT: owner.tenant,
        ATTACHMENT: owner.attachment_id,
        "file_id": owner.file_id,
        **attribute_fields(owner.attributes),
        "text": chunk.text,
        "heading_path": chunk.heading_path,
        "title": chunk.title,
        **place,
        **_parent_fields(chunk.parent),
    }
    return Point(point_id(owner.tenant, owner.file_id, owner.attachment_id, chunk.position), vector, keywords, fields)


def point_id(tenant: str, file_id: str, attachment_id: str, position: int) -> str:
    """Return the id of the point of a chunk."""
    return str(uuid.uuid5(NAMESPACE, f"{tenant}/{file_id}/{attachment_id}/{position}"))


def from_fields(fields: Mapping[str, Any]) -> Stored:
    """Return what `to_point` put into a point's fields."""
    names = ("position", "text", "start", "end", "page", "heading_path", "title")
    chunk: dict[str, Any] = {name: fields.get(name) for name in names}
    return Stored(fields[ATTACHMENT], Chunk(**chunk, parent=_parent(fields)))


def _parent_fields(parent: Parent | None) -> dict[str, Any]:
    return {"parent_start": parent.start, "parent_end": parent.end, "parent_text": parent.text} if parent else {}


def _parent(fields: Mapping[str, Any]) -> Parent | None:
    if fields.get("parent_text") is None:
        return None
    return Parent(fields["parent_text"], fields["parent_start"], fields["parent_end"])
