"""The generation service: puts its parts together and serves them. The front door of Tandem.

Run as `python -m services.generation.app`.
"""

import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

from anyio import from_thread
from fastapi import FastAPI
from fastapi.routing import APIRoute
from prometheus_client import CollectorRegistry
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from services.generation.contracts.errors import ErrorResponse
from services.generation.dependencies import Parts
from services.generation.grounding import retrieve
from services.generation.grounding.ground import GroundingDefaults
from services.generation.grounding.request import CHAT, COMPLETIONS
from services.generation.grounding.template import BUILT_IN, SAMPLE, Template
from services.generation.http.client import ServiceClient
from services.generation.jobs.store import Jobs, Sweeper
from services.generation.responses.background import Background
from services.generation.responses.queue import Backlog
from services.generation.responses.search_round import Sources
from services.generation.responses.search_tool import Offers
from services.generation.responses.store import Turns
from services.generation.routes import chat, comparisons, fine_tuning, models, passthrough, responses
from services.generation.serving.adapters import Adapters
from services.generation.serving.fleet import open_fleet
from services.generation.serving.models import Models
from services.generation.serving.pool import Limits
from services.generation.settings import GenerationSettings
from shared import log, records
from shared.errors import TandemError
from shared.http.connect import worker_headers
from shared.records.database import Database, migrate
from shared.settings import read_settings
from shared.web.auth import open_authenticator
from shared.web.health import Check
from shared.web.install import UPLOADS, install
from shared.web.serve import serve
from shared.workers.broker import JobNotifier, open_celery

MIGRATIONS = records.MIGRATIONS
DESCRIPTION = """OpenAI's API over local models: answers with or without documents, fine-tuning, and the comparison that tells which to use.
Files, vector stores, embeddings and reranking are passed through to the retrieval service, whose document describes them."""


def create_app(settings: GenerationSettings) -> FastAPI:
    """Return the app; it opens its database and connections when it is started."""
    app = FastAPI(
        title="Tandem",
        description=DESCRIPTION,
        lifespan=partial(_running, settings=settings),
        generate_unique_id_function=_operation_id,
        strict_content_type=False,
        responses={"4XX": {"model": ErrorResponse}, "5XX": {"model": ErrorResponse}},
    )
    limits = (CHAT, COMPLETIONS, UPLOADS)
    install(
        app, CollectorRegistry(), _checks(app), self_limited_paths=limits, readiness_details=lambda: {"engines": _parts(app).fleet.state()}
    )
    app.add_exception_handler(ClientDisconnect, _answer_nobody)
    for routes in (models, chat, responses, fine_tuning, comparisons, passthrough):
        app.include_router(routes.router)
    return app


@asynccontextmanager
async def _running(app: FastAPI, settings: GenerationSettings) -> AsyncIterator[None]:
    async with AsyncExitStack() as stack:
        parts = _open_parts(settings, stack)
        app.state.parts = parts
        app.state.authenticator = open_authenticator(parts.database, settings.common.key_projects(), settings.common.worker_key)
        sweeper = Sweeper(parts.jobs, settings.sweep_seconds)
        sweeper.start()
        stack.callback(sweeper.stop)
        await stack.enter_async_context(parts.fleet.watched())
        await stack.enter_async_context(parts.adapters.swept(settings.sweep_seconds))
        app.state.background = _open_background(parts, settings)
        await stack.enter_async_context(app.state.background.worked_on())
        log.get_logger("generation").info("ready", url=f"http://{settings.host}:{settings.port}/v1")
        yield


def _open_parts(settings: GenerationSettings, stack: AsyncExitStack) -> Parts:
    database = Database(settings.common.jobs_url)
    stack.callback(database.close)
    migrate(database, MIGRATIONS)
    celery = open_celery(settings.common.broker_url, "tandem-generation")
    stack.callback(celery.close)
    fleet = open_fleet(settings.engine_urls(), settings.engine_setting, _limits(settings), settings.engine_seconds)
    listed = Models(database, settings.engine_urls())
    parts = Parts(
        database=database,
        notifier=JobNotifier(celery),
        fleet=fleet,
        retrieval=ServiceClient(retrieve.NAME, settings.retrieval_url, settings.retrieval_seconds),
        models=listed,
        adapters=Adapters(database, listed, fleet, settings.common.adapters_dir),
        jobs=Jobs(database, JobNotifier(celery)),
        turns=Turns(database),
        house=_house(settings),
        offers=Offers(settings.offer_search),
        engine_seconds=settings.engine_seconds,
        max_body_bytes=settings.max_body_bytes,
        max_lora_rank=settings.max_lora_rank,
    )
    stack.push_async_callback(parts.fleet.close)
    stack.push_async_callback(parts.retrieval.close)
    return parts


def _open_background(parts: Parts, settings: GenerationSettings) -> Background:
    """Return what works on responses in the background: as a worker, since their callers are gone and so are their keys."""

    async def sources(project_id: str, model: str) -> Sources:
        headers = worker_headers(settings.common.worker_key, project_id)
        return await parts.sources(project_id, model, headers)

    backlog = Backlog(parts.database, settings.background_lease_seconds)
    return Background(backlog, parts.turns, sources, settings.background_running)


def _limits(settings: GenerationSettings) -> Limits:
    return Limits(settings.engine_requests, settings.engine_waiting, settings.engine_check_seconds)


def _house(settings: GenerationSettings) -> GroundingDefaults:
    """Return what holds for answers from documents. Raises InvalidRequest where the template cannot be used."""
    source = settings.prompt_template.read_text(encoding="utf-8") if settings.prompt_template else BUILT_IN
    template = Template(source, "GENERATION_PROMPT_TEMPLATE")
    template.render([SAMPLE], "Is it used well?")  # what only shows when it is used
    return GroundingDefaults(template, settings.abstention)


def _checks(app: FastAPI) -> dict[str, Check]:
    """Return what readiness asks, in a thread, from where the event loop is called."""
    return {
        "database": lambda: _parts(app).database.ping(),
        "engine": lambda: from_thread.run(_parts(app).fleet.ping),
        "retrieval": lambda: from_thread.run(_parts(app).retrieval.ping, "/health/ready"),
        "broker": lambda: _parts(app).notifier.ping(),
    }


def _parts(app: FastAPI) -> Parts:
    running: Parts = app.state.parts
    return running


def _operation_id(route: APIRoute) -> str:
    return route.name


async def _answer_nobody(_: Request, __: Exception) -> Response:
    return Response(status_code=499)


def _prepare(database_url: str) -> None:
    """Bring the schema up to date before anything is served: a database that cannot be used is one line then, not a traceback."""
    database = Database(database_url)
    try:
        migrate(database, MIGRATIONS)
    finally:
        database.close()


def main() -> None:
    """Serve until SIGTERM or Ctrl-C."""
    settings = read_settings(GenerationSettings)
    log.configure("generation", settings.common.log_format, settings.common.log_level)
    try:
        _house(settings)
        _prepare(settings.common.jobs_url)
    except TandemError as error:
        sys.stderr.write(f"{error.message}\n")
        sys.exit(2)
    serve(create_app(settings), settings.host, settings.port, "GENERATION_")


if __name__ == "__main__":
    main()
