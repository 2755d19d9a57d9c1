"""Builds the parts of the service and of the ingest workers from the settings. Nothing here starts a thread."""

import os
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from services.retrieval.dependencies import Ingestion, Parts
from services.retrieval.embedding.embedder import Embedder
from services.retrieval.embedding.embedders import Embedders
from services.retrieval.embedding.loaded_models import LoadedModels
from services.retrieval.embedding.model_client import ModelClient
from services.retrieval.embedding.spaces import model_name
from services.retrieval.index import Index
from services.retrieval.index.bm25 import Bm25
from services.retrieval.ingestion.index_file import IngestDependencies
from services.retrieval.ingestion.worker_pool import WorkerPool
from services.retrieval.lifecycle.reembed import advance_reembeddings
from services.retrieval.parse import Limits, SandboxedParser
from services.retrieval.search.rerank import Reranker
from services.retrieval.search.rewrite import Rewriter
from services.retrieval.search.search import Searcher
from services.retrieval.settings import RetrievalSettings
from services.retrieval.uploads import UploadFolder
from shared.ids import new_id
from shared.records.database import Database, migrate
from shared.web.auth import open_authenticator

MIGRATIONS = Path(__file__).parent / "migrations"


def open_parts(settings: RetrievalSettings) -> Parts:
    """Build the parts of the service.

    Raises:
        Unavailable: if the database does not answer, or another process uses the index folder.
    """
    database = Database(settings.database)
    database.ping()
    migrate(database, MIGRATIONS)
    embedders, index, parser = open_embedders(settings), _open_index(settings), _open_parser(settings)
    ingest = _ingest_dependencies(settings, database, embedders, index, parser)
    reranker = _open_reranker(settings)
    return Parts(
        authenticator=open_authenticator(database, settings.common.key_projects(), settings.common.worker_key),
        database=database,
        folder=ingest.folder,
        embedders=embedders,
        index=index,
        parser=parser,
        searcher=Searcher(embedders, Bm25(), index, database, reranker, _open_rewriter(settings)),
        ingestion=_open_ingestion(settings, ingest),
        max_file_bytes=settings.max_file_bytes,
        reranker=reranker,
    )


def close_parts(parts: Parts) -> None:
    """Close the parts, whose threads have stopped."""
    parts.parser.close()
    parts.embedders.close()
    parts.searcher.close()
    parts.index.close()
    parts.database.close()


@contextmanager
def open_worker_process(settings: RetrievalSettings, database: Database) -> Iterator[WorkerPool]:
    """Build the ingest workers of a worker process, not started; at the end close what they used."""
    with closing(open_embedders(settings)) as embedders, closing(_open_index(settings)) as index, closing(_open_parser(settings)) as parser:
        yield _open_worker_pool(settings, _ingest_dependencies(settings, database, embedders, index, parser))


def _open_parser(settings: RetrievalSettings) -> SandboxedParser:
    """Return the parser, which reads each document in a separate process."""
    limits = Limits(settings.parse_seconds, settings.parse_memory_bytes, settings.parse_text_bytes)
    return SandboxedParser(limits, languages=settings.ocr_languages)


def open_embedders(settings: RetrievalSettings) -> Embedders:
    """Return the configured embedders, not loaded."""
    client, loaded_models = ModelClient(), LoadedModels(settings.embedding_models_loaded)
    matryoshka = settings.matryoshka_models.split(",")
    sources = {"": settings.model, **settings.further_models()}
    options = (settings.embedding_dtype, settings.embedding_batch_size)
    return Embedders(
        [
            Embedder(source, *options, name, client, is_matryoshka=(name or model_name(source)) in matryoshka, loaded_models=loaded_models)
            for name, source in sources.items()
        ]
    )


def _open_index(settings: RetrievalSettings) -> Index:
    """Return the configured index. Raises Unavailable if another process uses its folder."""
    # Only the one in use is imported: the client's library costs time and memory.
    if not settings.qdrant_url:
        from services.retrieval.index.edge_client import EdgeClient

        return EdgeClient(settings.index_folder)
    from services.retrieval.index.server import ServerIndex

    key = settings.qdrant_api_key.get_secret_value() if settings.qdrant_api_key else None
    port = settings.qdrant_grpc_port if settings.qdrant_grpc else None
    spread = {"shards": settings.qdrant_shards, "replicas": settings.qdrant_replicas}
    return ServerIndex(settings.qdrant_url, key, grpc_port=port, **spread)


def _ingest_dependencies(
    settings: RetrievalSettings, database: Database, embedders: Embedders, index: Index, parser: SandboxedParser
) -> IngestDependencies:
    return IngestDependencies(
        database=database,
        folder=UploadFolder(settings.files_folder),
        embedders=embedders,
        bm25=Bm25(),
        index=index,
        parse=parser,
        after_file=partial(advance_reembeddings, database),
    )


def _open_worker_pool(settings: RetrievalSettings, dependencies: IngestDependencies) -> WorkerPool:
    return WorkerPool(dependencies, f"{socket.gethostname()}:{os.getpid()}:{new_id('', 6)}", settings.ingest_threads)


def _open_ingestion(settings: RetrievalSettings, dependencies: IngestDependencies) -> Ingestion:
    if settings.ingest == "process":
        return _open_worker_pool(settings, dependencies)
    # Imported here because Celery costs memory.
    from services.retrieval.ingestion.broker_notifier import BrokerNotifier
    from shared.workers.broker import JobNotifier, open_celery

    return BrokerNotifier(dependencies.database, JobNotifier(open_celery(settings.common.broker_url, "tandem-retrieval")))


def _open_reranker(settings: RetrievalSettings) -> Reranker | None:
    if not settings.rerank_model:
        return None
    return Reranker(settings.rerank_model, settings.rerank_batch_size, settings.rerank_seconds)


def _open_rewriter(settings: RetrievalSettings) -> Rewriter | None:
    if not (settings.rewrite_url and settings.rewrite_model):
        return None
    key = settings.rewrite_api_key.get_secret_value() if settings.rewrite_api_key else None
    return Rewriter(settings.rewrite_url, settings.rewrite_model, settings.rewrite_seconds, key)
