"""Re-embeds a store: start, confirm, roll back, cancel. The ingest workers do the work; meanwhile the store answers searches."""

from contextlib import suppress
from typing import Any

from services.retrieval.catalog import reembeddings, stores
from services.retrieval.catalog.records import Reembedding
from services.retrieval.chunk import AUTO
from services.retrieval.contracts.chunking import AutoStrategy
from services.retrieval.contracts.reembeddings import ReembedRequest
from services.retrieval.embedding.embedders import Embedders
from shared.errors import NotFound
from shared.log import get_logger
from shared.records.database import Database

log = get_logger(__name__)


def reembed(database: Database, embedders: Embedders, project: str, store_id: str, request: ReembedRequest) -> Reembedding:
    """Start to move a store to another embedder, another chunking, or both.

    Raises:
        NotFound: if the project has no such store.
        InvalidRequest: if the embedder is not configured.
        Conflict: if the store is being re-embedded, or its last re-embedding was neither confirmed nor rolled back.
    """
    model = request.embedding_model
    with database.session() as session:
        store = stores.find_active(session, project, store_id)
        embedder = embedders.find_by_space(store.space) if model is None else embedders.find(model)
        reembedding = reembeddings.start(session, store, embedder.name, embedder.space, _stored_strategy(request))
    advance_reembeddings(database, store_id)
    return _read(database, store_id, reembedding.id)


def change_reembedding(database: Database, project: str, store_id: str, id: str, change: reembeddings.Change) -> Reembedding:
    """Confirm, roll back or cancel a re-embedding, and return it. Raises NotFound or Conflict."""
    with database.session() as session:
        stores.find(session, project, store_id)
        change(session, reembeddings.find(session, store_id, id))
    return _read(database, store_id, id)


def advance_reembeddings(database: Database, store_id: str | None = None) -> None:
    """Advance the running re-embeddings, of one store or of all. Call it when the indexing of a file has ended, and regularly."""
    with database.session() as session:
        ids = reembeddings.find_in_progress_ids(session, store_id)
    for id in ids:
        with suppress(NotFound), database.session() as session:  # its store may be deleted meanwhile
            if reembeddings.advance(session, id):
                log.info("re-embedding ended", reembedding=id)


def _read(database: Database, store_id: str, id: str) -> Reembedding:
    with database.session() as session:
        return reembeddings.find(session, store_id, id)


def _stored_strategy(request: ReembedRequest) -> dict[str, Any] | None:
    strategy = request.chunking_strategy
    return None if strategy is None else (AUTO if isinstance(strategy, AutoStrategy) else strategy).model_dump()
