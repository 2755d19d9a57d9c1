"""Attaches files to a vector store. Returns immediately; the ingest workers index the files."""

from collections.abc import Sequence
from typing import Any, Protocol

from sqlalchemy.orm import Session

from services.retrieval.catalog import attachments, batches, files, stores
from services.retrieval.catalog.records import Attachment, FileBatch, Store
from services.retrieval.chunk import AUTO
from services.retrieval.contracts.chunking import AutoStrategy, ChunkingStrategy
from services.retrieval.contracts.vector_stores import FileBatchCreate, VectorStoreCreate, VectorStoreFileCreate
from shared.ids import new_id
from shared.records.database import Database


class EmbeddersBySpace(Protocol):
    """The configured embedders."""

    def find_by_space(self, space: str) -> object:
        """Return the embedder of a space. Raises Conflict if there is none."""


def attach_file(
    database: Database, embedders: EmbeddersBySpace, project: str, store_id: str, request: VectorStoreFileCreate
) -> tuple[Attachment, str]:
    """Attach a file of the project to a store of the project; return the attachment and the file's name.

    Attaching a file again changes nothing, unless its indexing failed or was canceled: then it starts again.

    Raises:
        NotFound: if the project has no such store or file.
        Conflict: if the file is attached with other attributes or chunking, or the store's embedder is no longer configured.
    """
    with database.session() as session:
        file = files.find(session, project, request.file_id)
        store = _lock_store(session, embedders, project, store_id)
        return attachments.attach(session, store, file, _options(request, store)), file.filename


def attach_batch(database: Database, embedders: EmbeddersBySpace, project: str, store_id: str, request: FileBatchCreate) -> FileBatch:
    """Attach files of the project to a store of the project, all or none; return their batch.

    Raises:
        NotFound, Conflict: as for one file.
    """
    with database.session() as session:
        by_id = files.find_all(session, project, _name_fields(request))
        store = _lock_store(session, embedders, project, store_id)
        attachments.attach_all(session, store, [(by_id[each.file_id], _options(each, store)) for each in request.file_requests])
        batch = FileBatch(id=new_id("vsfb_"), vector_store_id=store_id)
        batches.add(session, batch, list(by_id))
        return batch


def create_store(database: Database, store: Store, request: VectorStoreCreate) -> None:
    """Create a store with files in it, all or nothing. Its chunking strategy is also that of files attached later without one.

    Raises:
        NotFound: if one of the files is not in the project.
    """
    with database.session() as session:
        by_id = files.find_all(session, store.project_id, _name_ids(request.file_ids))
        store.chunking = _stored_strategy(request.chunking_strategy)
        stores.add(session, store)
        options = attachments.AttachOptions(None, *_chunking(request.chunking_strategy, store), request.on_duplicate)
        attachments.attach_all(session, store, [(file, options) for file in by_id.values()])


def _name_fields(request: FileBatchCreate) -> dict[str, str]:
    """Return the ids of the files, each with the first field of the request that names it."""
    return {file.file_id: f"files[{position}].file_id" for position, file in enumerate(request.files)} or _name_ids(request.file_ids)


def _name_ids(file_ids: Sequence[str]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for position, file_id in enumerate(file_ids):
        fields.setdefault(file_id, f"file_ids[{position}]")
    return fields


def _lock_store(session: Session, embedders: EmbeddersBySpace, project: str, store_id: str) -> Store:
    store = stores.get_for_update(session, stores.find_active(session, project, store_id).id)
    embedders.find_by_space(store.space)
    stores.touch(session, store_id)
    return store


def _options(request: VectorStoreFileCreate, store: Store) -> attachments.AttachOptions:
    return attachments.AttachOptions(request.attributes, *_chunking(request.chunking_strategy, store), request.on_duplicate)


def _chunking(strategy: ChunkingStrategy | None, store: Store) -> tuple[dict[str, Any], bool]:
    """Return a file's strategy as it is stored, and whether it is the store's default."""
    stored = store.chunking if strategy is None else _stored_strategy(strategy)
    return stored or AUTO.model_dump(), strategy is None


def _stored_strategy(strategy: ChunkingStrategy | None) -> dict[str, Any] | None:
    """Return a strategy as it is stored; None for `auto`."""
    return None if strategy is None or isinstance(strategy, AutoStrategy) else strategy.model_dump()
