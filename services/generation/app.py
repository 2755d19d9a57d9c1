"""The generation service, Tandem's front door: opens everything that the routes need, and serves them.

Run it with `python -m services.generation.app`.
"""

import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from anyio import from_thread
from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from services.generation.dependencies import AnswerServices, JobServices, WebhookServices
from services.generation.grounding.ground import GroundingDefaults
from services.generation.grounding.request import CHAT, COMPLETIONS
from services.generation.grounding.template import BUILT_IN, Template
from services.generation.http.client import ServiceClient
from services.generation.jobs.files.background_checks import CheckBackends, FileChecks
from services.generation.jobs.files.check_queue import CheckQueue
from services.generation.jobs.files.hold_files import FileHolds
from services.generation.jobs.inputs import open_inputs
from services.generation.jobs.store import JobStore
from services.generation.jobs.sweeper import Sweeper
from services.generation.jobs.training_limits import TrainingLimits
from services.generation.jobs.webhooks.deliver import WebhookDeliveries
from services.generation.jobs.webhooks.endpoints import WebhookEndpoints
from services.generation.jobs.webhooks.outbox import Outbox
from services.generation.jobs.webhooks.post import WebhookPoster
from services.generation.responses.background import BackgroundResponses
from services.generation.responses.queue import ResponseQueue
from services.generation.responses.search_tool import SearchToolPolicy
from services.generation.responses.store import ResponseStore
from services.generation.responses.turn import Backends
from services.generation.routes import (
    chat,
    checkpoints,
    fine_tuning,
    models,
    passthrough,
    permissions,
    responses,
    stored_completions,
    validate,
    webhooks,
)
from services.generation.routes.evaluations.routers import ROUTERS as EVALUATION_ROUTERS
from services.generation.serving.adapter_deletion import AdapterDeletion
from services.generation.serving.adapters import Adapters
from services.generation.serving.export.export_model import ModelExport
from services.generation.serving.fleet import Fleet, open_fleet
from services.generation.serving.imports.import_adapter import AdapterImport, ImportSettings
from services.generation.serving.models import Models
from services.generation.serving.permissions import Permissions
from services.generation.serving.pool import Limits
from services.generation.serving.sleep.follow import SleepingEngines
from services.generation.settings import GenerationSettings
from shared import log
from shared.errors import TandemError
from shared.http.connect import worker_headers
from shared.records import MIGRATIONS
from shared.records.database import Database, migrate
from shared.settings import read_settings
from shared.web.api_document import describe_api, operation_id
from shared.web.auth import open_authenticator
from shared.web.health import Check
from shared.web.install import SELF_LIMITED, install
from shared.web.middleware.protect import BodyLimit
from shared.web.server.limits import ConnectionLimits
from shared.web.server.serve import serve
from shared.workers.broker import JobNotifier, open_celery

RETRIEVAL = "The retrieval service (GENERATION_RETRIEVAL_URL)"
CLIENT_CLOSED_REQUEST = 499
DESCRIPTION = """OpenAI's API over local models: answers with and without documents, fine-tuning, and comparisons that recommend which to
use. Requests for files, vector stores, embeddings and reranking are forwarded to the retrieval service.

In a request, null means the default of a field."""
DOCUMENTATION = Path(__file__).parent / "contracts" / "documentation.json"
TAGS = [
    {"name": "answers", "description": "A model's answers, with or without documents: chats, completions and responses."},
    {"name": "models", "description": "The base models, and the project's fine-tuned models."},
    {"name": "fine-tuning", "description": "Jobs that train a LoRA adapter on a file of examples."},
    {"name": "datasets", "description": "Questions with answers that a model writes from documents."},
    {"name": "comparisons", "description": "Questions that are answered in several ways, and the verdict on which way is best."},
    {"name": "evals", "description": "OpenAI's evals: criteria for answers, and runs that answer and grade the rows of a data source."},
    {"name": "webhooks", "description": "URLs that are notified when a job ends."},
    {"name": "operations", "description": "For operators of the server."},
]


@dataclass(frozen=True)
class Connections:
    """The connections to other processes; readiness checks each of them."""

    database: Database
    fleet: Fleet
    retrieval: ServiceClient
    notifier: JobNotifier


def create_app(settings: GenerationSettings) -> FastAPI:
    """Return the app. It opens its database and its connections when it starts."""
    app = FastAPI(
        title="Tandem",
        description=DESCRIPTION,
        lifespan=partial(_lifespan, settings=settings),
        version="1",
        openapi_tags=TAGS,
        generate_unique_id_function=operation_id,
        redirect_slashes=False,  # a redirect would go to the address in the caller's header Host
        strict_content_type=False,
    )
    limit = BodyLimit(settings.max_body_bytes, "GENERATION_MAX_BODY_BYTES")
    install(
        app,
        CollectorRegistry(),
        _checks(app),
        settings.common,
        self_limited_paths={**SELF_LIMITED, CHAT: limit, COMPLETIONS: limit, models.IMPORT: None},
        readiness_details=lambda: {"engines": _connections(app).fleet.state()},
    )
    app.add_exception_handler(ClientDisconnect, _respond_to_nobody)
    training = (fine_tuning, checkpoints, permissions, validate)
    before, after = (models, chat, stored_completions, responses, *training), (webhooks, passthrough)
    for router in (*(each.router for each in before), *EVALUATION_ROUTERS, *(each.router for each in after)):
        app.include_router(router)
    describe_api(app, DOCUMENTATION, passthrough.describe_passed)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI, settings: GenerationSettings) -> AsyncIterator[None]:
    async with AsyncExitStack() as stack:
        connections = await _open_connections(settings, stack)
        app.state.connections = connections
        app.state.authenticator = open_authenticator(connections.database, settings.common.key_projects(), settings.common.worker_key)
        app.state.answers = _answer_services(connections, settings)
        app.state.jobs = await _job_services(connections, app.state.answers.models, settings, stack)
        app.state.public_url = settings.links_url
        app.state.permissions = Permissions(connections.database, app.state.answers.models)
        app.state.webhooks = await _open_webhooks(connections.database, settings, stack)
        app.state.adapter_deletion = await _open_adapter_deletion(connections, app.state.answers, settings, stack)
        app.state.adapter_import = _adapter_import(connections, app.state.answers.models, settings)
        app.state.model_export = _model_export(app.state.answers.models, settings)
        app.state.responses = ResponseStore(connections.database)
        app.state.background = await _open_background(connections, app.state.answers, app.state.responses, settings, stack)
        log.get_logger("generation").info("ready", url=f"http://{settings.host}:{settings.port}/v1")
        yield


async def _open_connections(settings: GenerationSettings, stack: AsyncExitStack) -> Connections:
    database = Database(settings.common.jobs_url)
    stack.callback(database.close)
    migrate(database, MIGRATIONS)
    celery = open_celery(settings.common.broker_url, "tandem-generation")
    stack.callback(celery.close)
    limits = Limits(settings.engine_requests, settings.engine_waiting, settings.engine_check_seconds)
    fleet = open_fleet(settings.engine_urls(), settings.engine_setting, limits, settings.engine_seconds)
    stack.push_async_callback(fleet.close)
    await stack.enter_async_context(fleet.watch())
    await stack.enter_async_context(SleepingEngines(fleet, database, settings.engine_check_seconds).running())
    retrieval = ServiceClient(RETRIEVAL, settings.retrieval_url, settings.retrieval_seconds)
    stack.push_async_callback(retrieval.close)
    return Connections(database, fleet, retrieval, JobNotifier(celery))


def _answer_services(connections: Connections, settings: GenerationSettings) -> AnswerServices:
    model_catalog = Models(connections.database, settings.engine_urls(), settings.common.bases())
    return AnswerServices(
        fleet=connections.fleet,
        models=model_catalog,
        adapters=Adapters(connections.database, model_catalog, settings.common.adapters_dir),
        retrieval=connections.retrieval,
        defaults=_grounding_defaults(settings),
        search_policy=SearchToolPolicy(settings.offer_search),
        timeout_seconds=settings.engine_seconds,
        max_body_bytes=settings.max_body_bytes,
        allows_prompt_logprobs=settings.prompt_logprobs,
        embedding_model=settings.embedding_model,
        database=connections.database,
    )


async def _job_services(
    connections: Connections, model_catalog: Models, settings: GenerationSettings, stack: AsyncExitStack
) -> JobServices:
    store = JobStore(connections.database, connections.notifier)
    sweeper = Sweeper(store, settings.sweep_seconds)
    sweeper.start()
    stack.callback(sweeper.stop)
    models, common = connections.fleet.open_models(settings.engine_seconds), settings.common
    limits = TrainingLimits(
        settings.max_lora_rank, settings.max_training_length, common.bases(), common.trackers, models, store.list_devices
    )
    backends = CheckBackends(partial(open_inputs, connections.retrieval, settings.common.worker_key), limits, store, run_in_threadpool)
    checks = FileChecks(CheckQueue(connections.database, settings.background_lease_seconds), backends)
    await stack.enter_async_context(checks.running())
    holds = FileHolds(connections.database, connections.retrieval, settings.common.worker_key, settings.sweep_seconds)
    await stack.enter_async_context(holds.running())
    return JobServices(model_catalog, store, limits, connections.database, checks, holds)


async def _open_webhooks(database: Database, settings: GenerationSettings, stack: AsyncExitStack) -> WebhookServices:
    poster = WebhookPoster(settings.webhook_private_addresses, time.time)
    stack.push_async_callback(poster.close)
    await stack.enter_async_context(WebhookDeliveries(Outbox(database), poster, settings.webhook_check_seconds).running())
    return WebhookServices(WebhookEndpoints(database, settings.webhook_private_addresses), poster)


async def _open_adapter_deletion(
    connections: Connections, answers: AnswerServices, settings: GenerationSettings, stack: AsyncExitStack
) -> AdapterDeletion:
    folder = settings.common.adapters_dir
    deletion = AdapterDeletion(connections.database, answers.models, connections.fleet, answers.adapters, folder)
    await stack.enter_async_context(deletion.sweep(settings.sweep_seconds))
    return deletion


def _adapter_import(connections: Connections, model_catalog: Models, settings: GenerationSettings) -> AdapterImport:
    limits = ImportSettings(settings.common.adapters_dir, settings.common.bases(), settings.max_lora_rank, settings.max_adapter_bytes)
    return AdapterImport(connections.database, model_catalog, connections.fleet, limits)


def _model_export(model_catalog: Models, settings: GenerationSettings) -> ModelExport:
    common = settings.common
    return ModelExport(model_catalog, common.adapters_dir, common.bases())


async def _open_background(
    connections: Connections, answers: AnswerServices, store: ResponseStore, settings: GenerationSettings, stack: AsyncExitStack
) -> BackgroundResponses:
    """Start the responses in the background. They use the worker key, since the keys of their callers are not stored."""

    async def open_backends(project: str, model: str) -> Backends:
        return await answers.open_backends(project, model, worker_headers(settings.common.worker_key, project))

    queue = ResponseQueue(connections.database, settings.background_lease_seconds)
    background = BackgroundResponses(queue, store, open_backends, settings.background_running)
    await stack.enter_async_context(background.running())
    return background


def _grounding_defaults(settings: GenerationSettings) -> GroundingDefaults:
    """Return the defaults for answers from documents. Raises InvalidRequest if the prompt template cannot be used."""
    source = settings.prompt_template.read_text(encoding="utf-8") if settings.prompt_template else BUILT_IN
    return GroundingDefaults(Template(source, "GENERATION_PROMPT_TEMPLATE"), settings.abstention)


def _checks(app: FastAPI) -> dict[str, Check]:
    """Return the readiness checks. They run in a thread, and those that need the event loop call it from there."""
    return {
        "database": lambda: _connections(app).database.ping(),
        "engine": lambda: from_thread.run(_connections(app).fleet.ping),
        "retrieval": lambda: from_thread.run(_connections(app).retrieval.ping, "/health/ready"),
        "broker": lambda: _connections(app).notifier.ping(),
    }


def _connections(app: FastAPI) -> Connections:
    connections: Connections = app.state.connections
    return connections


async def _respond_to_nobody(_: Request, __: Exception) -> Response:
    return Response(status_code=CLIENT_CLOSED_REQUEST)


def _check_settings(settings: GenerationSettings) -> None:
    """Check the prompt template and migrate the database, so that an error is one line when the service starts, not a traceback."""
    _grounding_defaults(settings)
    database = Database(settings.common.jobs_url)
    try:
        migrate(database, MIGRATIONS)
    finally:
        database.close()


def main() -> None:
    """Serve until SIGTERM or Ctrl-C."""
    settings = read_settings(GenerationSettings)
    log.configure("generation", settings.common.log_format, settings.common.log_level)
    try:
        _check_settings(settings)
    except TandemError as error:
        sys.stderr.write(f"{error.message}\n")
        sys.exit(2)
    limits = ConnectionLimits(settings.common.header_seconds, settings.common.max_connections)
    serve(create_app(settings), settings.host, settings.port, "GENERATION_", limits)


if __name__ == "__main__":
    main()
