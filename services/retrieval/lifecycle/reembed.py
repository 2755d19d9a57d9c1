"""Re-embedding a store: begin, confirm, go back, give up. The work itself is the ingest worker's; the store answers all the while."""

from typing import Any

from services.retrieval.catalog import reembeddings, stores
from services.retrieval.catalog.records import Reembedding
from services.retrieval.chunk import AUTO
from services.retrieval.embedding.embedders import Embedders
from shared.contracts.chunking import AutoStrategy
from shared.contracts.reembeddings import ReembedRequest
from shared.log import get_logger
from shared.records.database import Database

log = get_logger(__name__)


def reembed(database: Database, embedders: Embedders, project: str, store_id: str, asked: ReembedRequest) -> Reembedding:
    """Begin to move a store to another embedder, another chunking, or both.

    Raises:
        NotFound: there is no such store in the project.
        InvalidRequest: the embedder is not configured.
        Conflict: it is moving already, or its last move was neither confirmed nor rolled back.
    """
    with database.session() as session:
        store = stores.find_active(session, project, store_id)
        embedder = embedders.of_space(store.space) if asked.embedding_model is None else embedders.named(asked.embedding_model)
        moved = reembeddings.start(session, store, embedder.name, embedder.space, _chunking(asked))
    settle(database, store_id)
    return _read(database, store_id, moved.id)


def change(database: Database, project: str, store_id: str, id: str, how: reembeddings.Change) -> Reembedding:
    """Confirm, roll back or cancel a move (`how`), and return it. Raises NotFound, Conflict."""
    with database.session() as session:
        stores.find(session, project, store_id)
        how(session, reembeddings.find(session, store_id, id))
    return _read(database, store_id, id)


def settle(database: Database, store_id: str | None = None) -> None:
    """Bring moves in progress forward, of one store or of all: to be called when a file has ended, and now and then."""
    with database.session() as session:
        ids = reembeddings.moving(session, store_id)
    for id in ids:
        with database.session() as session:
            if reembeddings.settle(session, id):
                log.info("re-embedding over", reembedding=id)


def _read(database: Database, store_id: str, id: str) -> Reembedding:
    with database.session() as session:
        return reembeddings.find(session, store_id, id)


def _chunking(asked: ReembedRequest) -> dict[str, Any] | None:
    strategy = asked.chunking_strategy
    return None if strategy is None else (AUTO if isinstance(strategy, AutoStrategy) else strategy).model_dump()
