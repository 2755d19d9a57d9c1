"""The retrieval service's one place of wiring: settings in, an application out.

python -m services.retrieval.app
"""

import os
import socket
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from prometheus_client import CollectorRegistry

from services.retrieval.catalog import claims
from services.retrieval.dependencies import Ingests, Parts
from services.retrieval.embedding.embed import Embedder
from services.retrieval.embedding.embedders import Embedders
from services.retrieval.embedding.model_client import ModelProcess
from services.retrieval.index import Index
from services.retrieval.index.bm25 import Bm25
from services.retrieval.ingestion.worker import Desk
from services.retrieval.ingestion.worker_pool import Crew
from services.retrieval.lifecycle.delete import sweep_bytes
from services.retrieval.lifecycle.sweeper import Ground, Sweeper
from services.retrieval.parse.sandbox import IsolatedParser, Limits
from services.retrieval.routes import (
    chunks,
    embeddings,
    file_batches,
    files,
    reembeddings,
    rerank,
    search,
    vector_store_files,
    vector_stores,
)
from services.retrieval.search.rerank import Reranker
from services.retrieval.search.rewrite import Rewriter
from services.retrieval.search.search import Searcher
from services.retrieval.settings import RetrievalSettings
from services.retrieval.uploads import Folder
from shared import log
from shared.errors import TandemError, Unavailable
from shared.ids import new_id
from shared.records.auth import open_authenticator
from shared.records.database import Database, migrate
from shared.settings import read_settings
from shared.web import service
from shared.web.serve import serve

MIGRATIONS = Path(__file__).parent / "migrations"


def create_app(settings: RetrievalSettings, parts: Parts | None = None) -> FastAPI:
    """Return the application; its lifespan opens the parts (unless they are given), starts them and stops them."""
    # A redirect to the other spelling would name this service's own address, which only the front door can reach.
    app = FastAPI(title="Tandem retrieval", version="1", lifespan=_lifespan, redirect_slashes=False, strict_content_type=False)
    app.state.settings, app.state.parts = settings, parts
    service.install(app, CollectorRegistry(), _checks(app))
    for each in (chunks, files, vector_stores, vector_store_files, file_batches, search, embeddings, rerank, reembeddings):
        app.include_router(each.router)
    return app


def open_parts(settings: RetrievalSettings) -> Parts:
    """Put the service together.

    Raises:
        Unavailable: the database does not answer, or the index folder is in use.
    """
    database = Database(settings.database)
    database.ping()
    migrate(database, MIGRATIONS)
    authenticator = open_authenticator(database, settings.common.key_projects(), settings.common.worker_key)
    embedders, parser = open_embedders(settings), open_parser(settings)
    folder, bm25, index = Folder(settings.files_folder), Bm25(), open_index(settings)
    worker = _open_worker(settings, Desk(database, folder, embedders, bm25, index, parser))
    reranker, most = _reranker(settings), settings.max_file_bytes
    searcher = Searcher(embedders, bm25, index, database, reranker, _rewriter(settings))
    return Parts(authenticator, database, folder, embedders, index, searcher, worker, most, reranker, parser)


def open_crew(settings: RetrievalSettings, desk: Desk) -> Crew:
    """Return the ingest workers of this process, not started."""
    return Crew(desk, f"{socket.gethostname()}:{os.getpid()}:{new_id('', 6)}", settings.ingest_threads)


def _open_worker(settings: RetrievalSettings, desk: Desk) -> Ingests:
    if settings.ingest == "process":
        return open_crew(settings, desk)
    from services.retrieval.ingestion.broker_notifier import Ringer  # brings Celery along
    from shared.workers.broker import JobNotifier, open_celery

    return Ringer(desk.database, JobNotifier(open_celery(settings.common.broker_url, "tandem-retrieval")))


def open_parser(settings: RetrievalSettings) -> IsolatedParser:
    """Return what reads files, in processes of their own."""
    limits = Limits(settings.parse_seconds, settings.parse_memory_bytes, settings.parse_text_bytes)
    return IsolatedParser(limits, languages=settings.ocr_languages)


def open_embedders(settings: RetrievalSettings) -> Embedders:
    """Return the embedders that are configured, not loaded."""
    options, process = (settings.embedding_dtype, settings.embedding_batch_size), ModelProcess()
    sources = {"": settings.model, **settings.further_models()}
    embedders = [Embedder(source, *options, name, process) for name, source in sources.items()]
    for embedder in embedders:
        embedder.can_be_cut = embedder.name in settings.matryoshka_models.split(",")
    return Embedders(embedders, settings.embedding_models_loaded)


def _reranker(settings: RetrievalSettings) -> Reranker | None:
    if not settings.rerank_model:
        return None
    return Reranker(settings.rerank_model, settings.rerank_batch_size, settings.rerank_seconds)


def _rewriter(settings: RetrievalSettings) -> Rewriter | None:
    if not (settings.rewrite_url and settings.rewrite_model):
        return None
    key = settings.rewrite_api_key.get_secret_value() if settings.rewrite_api_key else None
    return Rewriter(settings.rewrite_url, settings.rewrite_model, settings.rewrite_seconds, key)


def open_index(settings: RetrievalSettings) -> Index:
    """Return the index that is configured; raises Unavailable where its folder is in use."""
    # Only the one in use is imported: the client's library costs time and memory.
    if not settings.qdrant_url:
        from services.retrieval.index.edge import EdgeIndex

        return EdgeIndex(settings.index_folder)
    from services.retrieval.index.server import ServerIndex

    key = settings.qdrant_api_key.get_secret_value() if settings.qdrant_api_key else None
    port = settings.qdrant_grpc_port if settings.qdrant_grpc else None
    spread = {"shards": settings.qdrant_shards, "replicas": settings.qdrant_replicas}
    return ServerIndex(settings.qdrant_url, key, grpc_port=port, **spread)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    parts: Parts = app.state.parts or await run_in_threadpool(open_parts, app.state.settings)
    app.state.parts, app.state.authenticator = parts, parts.authenticator
    sweeper = Sweeper(Ground(parts.database, parts.index, parts.folder))
    await run_in_threadpool(_start, parts)
    sweeper.start()
    yield
    await run_in_threadpool(sweeper.stop)
    await run_in_threadpool(_stop, parts)


def _checks(app: FastAPI) -> dict[str, service.Check]:
    def parts() -> Parts:
        opened: Parts = app.state.parts
        return opened

    return {
        "database": lambda: parts().database.ping(),
        "index": lambda: parts().index.check(),
        "embedder": lambda: parts().embedders.default.check(),
        "ingest": lambda: parts().worker.check(),
    }


def _start(parts: Parts) -> None:
    parts.folder.sweep()
    sweep_bytes(parts.database, parts.folder)
    if parts.index.exclusive:
        # Nobody else can be at work, so what a killed process held need not wait for its lease to end.
        with parts.database.session() as session:
            claims.free_all(session)
    threading.Thread(target=_load, args=(parts,), name="embedder", daemon=True).start()
    parts.worker.start()


def _load(parts: Parts) -> None:
    try:
        parts.embedders.default.load()
    except Unavailable as error:
        log.get_logger(__name__).error("embedder not loaded", problem=error.message)


def _stop(parts: Parts) -> None:
    parts.worker.stop()
    if parts.parser is not None:
        parts.parser.close()
    parts.embedders.close()
    parts.searcher.close()
    parts.index.close()
    parts.database.close()


def main() -> None:
    """Serve until SIGTERM or Ctrl-C; what cannot be had ends the process with one line and exit code 2."""
    settings = read_settings(RetrievalSettings)
    log.configure("retrieval", settings.common.log_format, settings.common.log_level)
    try:
        parts = open_parts(settings)
    except TandemError as error:
        sys.stderr.write(f"{error.message}\n")
        sys.exit(2)
    serve(create_app(settings, parts), settings.host, settings.port, "RETRIEVAL_")


if __name__ == "__main__":
    main()
