"""The retrieval service: settings in, an application out.

python -m services.retrieval.app
"""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from prometheus_client import CollectorRegistry

from services.retrieval.background import BackgroundThreads
from services.retrieval.dependencies import Parts
from services.retrieval.routes import (
    chunks,
    embeddings,
    file_batches,
    file_holds,
    files,
    reembeddings,
    rerank,
    search,
    vector_store_files,
    vector_stores,
)
from services.retrieval.settings import RetrievalSettings
from services.retrieval.wiring import close_parts, open_parts
from shared import log
from shared.errors import TandemError
from shared.settings import read_settings
from shared.web.api_document import describe_api, operation_id
from shared.web.health import Check
from shared.web.install import install
from shared.web.server.limits import ConnectionLimits
from shared.web.server.serve import serve

DESCRIPTION = "Files, vector stores, search, embeddings and reranking. In a request, null means the default of a field."
DOCUMENTATION = Path(__file__).parent / "contracts" / "documentation.json"
TAGS = [
    {"name": "files", "description": "Everything that a client uploads: documents, training examples, questions."},
    {"name": "vector stores", "description": "Indexed files, and searches in them."},
    {"name": "chunks", "description": "How a text would be split."},
    {"name": "embeddings", "description": "The vectors of texts."},
    {"name": "rerank", "description": "Documents ranked by a cross-encoder."},
    {"name": "operations", "description": "For operators of the server."},
]


def create_app(settings: RetrievalSettings, parts: Parts | None = None) -> FastAPI:
    """Return the application. Its lifespan opens the parts, unless they are passed in, starts their threads, and closes them."""
    # A redirect to the path's other spelling would name this service's own address, which only the front door can reach.
    app = FastAPI(
        title="Tandem retrieval",
        description=DESCRIPTION,
        version="1",
        openapi_tags=TAGS,
        lifespan=_lifespan,
        generate_unique_id_function=operation_id,
        redirect_slashes=False,
        strict_content_type=False,
    )
    app.state.settings, app.state.parts = settings, parts
    install(app, CollectorRegistry(), _checks(app), settings.common)
    for each in (chunks, files, file_holds, vector_stores, vector_store_files, file_batches, search, embeddings, rerank, reembeddings):
        app.include_router(each.router)
    describe_api(app, DOCUMENTATION)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    parts: Parts = app.state.parts or await run_in_threadpool(open_parts, app.state.settings)
    app.state.parts, app.state.authenticator = parts, parts.authenticator
    background = BackgroundThreads(parts.database, parts.folder, parts.index, parts.embedders, parts.ingestion)
    await run_in_threadpool(background.start)
    yield
    await run_in_threadpool(background.stop)
    await run_in_threadpool(close_parts, parts)


def _checks(app: FastAPI) -> dict[str, Check]:
    def parts() -> Parts:
        opened: Parts = app.state.parts
        return opened

    return {
        "database": lambda: parts().database.ping(),
        "index": lambda: parts().index.check(),
        "embedder": lambda: parts().embedders.default.check(),
        "ingest": lambda: parts().ingestion.check(),
    }


def main() -> None:
    """Serve until SIGTERM or Ctrl-C. If the service cannot start, it prints one line and exits with code 2."""
    settings = read_settings(RetrievalSettings)
    log.configure("retrieval", settings.common.log_format, settings.common.log_level)
    try:
        parts = open_parts(settings)
    except TandemError as error:
        sys.stderr.write(f"{error.message}\n")
        sys.exit(2)
    limits = ConnectionLimits(settings.common.header_seconds, settings.common.max_connections)
    serve(create_app(settings, parts), settings.host, settings.port, "RETRIEVAL_", limits)


if __name__ == "__main__":
    main()
