"""Attaching: files are put into a vector store, to be indexed by the ingest worker. Answers at once."""

from typing import Any, Protocol

from sqlalchemy.orm import Session

from services.retrieval.catalog import attachments, batches, files, stores
from services.retrieval.catalog.records import Attachment, FileBatch, Store
from services.retrieval.chunk import AUTO
from shared.contracts.chunking import AutoStrategy, ChunkingStrategy
from shared.contracts.vector_stores import FileBatchCreate, VectorStoreCreate, VectorStoreFileCreate
from shared.ids import new_id
from shared.records.database import Database


class Spaces(Protocol):
    """Knows which embedders there are."""

    def of_space(self, space: str) -> object:
        """Return the embedder of a space. Raises Conflict where there is none."""


def attach_file(database: Database, spaces: Spaces, project: str, store_id: str, asked: VectorStoreFileCreate) -> tuple[Attachment, str]:
    """Attach a file of the project to a store of the project; return the attachment and the file's name.

    Attaching again changes nothing, except that indexing begins again where it had failed.

    Raises:
        NotFound: there is no such store or file in the project.
        Conflict: the file is there with other attributes or chunking, or the store's embedder is not configured any more.
    """
    with database.session() as session:
        file = files.find(session, project, asked.file_id)
        store = _hold(session, spaces, project, store_id)
        return attachments.attach(session, store, file, _terms(asked, store)), file.filename


def attach_batch(database: Database, spaces: Spaces, project: str, store_id: str, asked: FileBatchCreate) -> FileBatch:
    """Attach files of the project to a store of the project, all or none; return the batch of them.

    Raises:
        NotFound, Conflict: as for one file.
    """
    with database.session() as session:
        found = files.find_all(session, project, [each.file_id for each in asked.each])
        store = _hold(session, spaces, project, store_id)
        attachments.attach_all(session, store, [(found[each.file_id], _terms(each, store)) for each in asked.each])
        batch = FileBatch(id=new_id("vsfb_"), vector_store_id=store_id)
        batches.add(session, batch, list(found))
        return batch


def create_store(database: Database, store: Store, asked: VectorStoreCreate) -> None:
    """Create a store with files in it; all or nothing. Its chunking strategy is that of files attached later without one, too.

    Raises:
        NotFound: one of the files is not in the project.
    """
    with database.session() as session:
        found = files.find_all(session, store.project_id, list(dict.fromkeys(asked.file_ids)))
        store.chunking = _explicit(asked.chunking_strategy)
        stores.add(session, store)
        terms = attachments.Terms(None, *_chunking(asked.chunking_strategy, store), asked.on_duplicate)
        attachments.attach_all(session, store, [(file, terms) for file in found.values()])


def _hold(session: Session, spaces: Spaces, project: str, store_id: str) -> Store:
    store = stores.hold(session, stores.find_active(session, project, store_id).id)
    spaces.of_space(store.space)
    stores.touch(session, store_id)
    return store


def _terms(asked: VectorStoreFileCreate, store: Store) -> attachments.Terms:
    return attachments.Terms(asked.attributes, *_chunking(asked.chunking_strategy, store), asked.on_duplicate)


def _chunking(strategy: ChunkingStrategy | None, store: Store) -> tuple[dict[str, Any], bool]:
    """Return a file's strategy as it is stored, and whether nobody asked for it with the file."""
    chosen = store.chunking if strategy is None else _explicit(strategy)
    return chosen or AUTO.model_dump(), strategy is None


def _explicit(strategy: ChunkingStrategy | None) -> dict[str, Any] | None:
    """Return a strategy as it is stored; nothing for `auto`."""
    return None if strategy is None or isinstance(strategy, AutoStrategy) else strategy.model_dump()
