"""What routes get from the running service: the caller's project, and the services that `app` opened."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query, Request

from services.generation.grounding.ground import GroundingDefaults
from services.generation.grounding.retrieve import VectorStoreClient
from services.generation.http.client import ServiceClient
from services.generation.http.reply import HeaderList
from services.generation.jobs.files.background_checks import FileChecks
from services.generation.jobs.files.hold_files import FileHolds
from services.generation.jobs.inputs import Inputs
from services.generation.jobs.store import JobStore
from services.generation.jobs.training_limits import TrainingLimits
from services.generation.jobs.webhooks.endpoints import WebhookEndpoints
from services.generation.jobs.webhooks.post import WebhookPoster
from services.generation.responses.background import BackgroundResponses
from services.generation.responses.search_tool import SearchToolPolicy
from services.generation.responses.store import ResponseStore
from services.generation.responses.turn import Backends
from services.generation.serving.adapter_deletion import AdapterDeletion
from services.generation.serving.adapters import Adapters, ServedAdapter
from services.generation.serving.export.export_model import ModelExport
from services.generation.serving.fleet import Fleet
from services.generation.serving.imports.import_adapter import AdapterImport
from services.generation.serving.models import Models
from services.generation.serving.permissions import Permissions
from services.generation.serving.pool import ServedModel, request_timeout
from shared.contracts.paging import PageQuery, PageRequest
from shared.errors import TandemError
from shared.http.connect import PROJECT_HEADER
from shared.records.database import Database
from shared.web.auth import current_caller

CREDENTIAL_HEADERS = ("Authorization", PROJECT_HEADER)
WINDOW_SECONDS = 5.0  # for an engine to say how many tokens its model takes


@dataclass(frozen=True)
class AnswerServices:
    """What answers are made with. An answer must begin within `timeout_seconds`, unless the client's headers say less.

    `embedding_model` is the model of graders that compare by meaning. Answers that are stored are stored in `database`.
    """

    fleet: Fleet
    models: Models
    adapters: Adapters
    retrieval: ServiceClient
    defaults: GroundingDefaults
    search_policy: SearchToolPolicy
    timeout_seconds: float
    max_body_bytes: int
    allows_prompt_logprobs: bool
    embedding_model: str
    database: Database

    async def open_model(self, project: str, name: str, headers: Mapping[str, str]) -> ServedModel:
        """Return a model that the project may use.

        Raises:
            NotFound: if the project has no such model.
        """
        timeout = request_timeout(headers, self.timeout_seconds)
        if name in self.fleet.pools:
            return ServedModel(self.fleet.pools[name], timeout)
        adapter = await self.models.find_cached_adapter(project, name)
        return ServedModel(self.fleet.pools[adapter.base], timeout, ServedAdapter(self.adapters, adapter))

    async def find_window(self, project: str, name: str) -> int | None:
        """Return how many tokens the prompt and the answer of a model may have together; None if its engine does not say so in time."""
        try:
            async with asyncio.timeout(WINDOW_SECONDS):
                model = await self.open_model(project, name, {})
                return (await model.count({"prompt": "a"})).window
        except (TandemError, TimeoutError):
            return None

    def open_retriever(self, headers: Mapping[str, str]) -> VectorStoreClient:
        """Return the vector stores of the caller who sent these headers."""
        return VectorStoreClient(self.retrieval, read_credentials(headers))

    async def open_backends(self, project: str, model: str, headers: Mapping[str, str]) -> Backends:
        """Return what a response is made with.

        Raises:
            NotFound: if the project has no such model.
        """
        return Backends(await self.open_model(project, model, headers), self.open_retriever(headers), self.defaults, self.search_policy)


@dataclass(frozen=True)
class JobServices:
    """What jobs are checked against and stored in. Evals are in the same database. `checks` are those of large files, and `holds` keep
    the files of jobs.
    """

    models: Models
    store: JobStore
    limits: TrainingLimits
    database: Database
    checks: FileChecks
    holds: FileHolds


@dataclass(frozen=True)
class WebhookServices:
    """Where events are sent, and what sends them."""

    endpoints: WebhookEndpoints
    poster: WebhookPoster


def read_credentials(headers: Mapping[str, str]) -> HeaderList:
    """Return the headers that say who the caller is."""
    return [(name, headers[name]) for name in CREDENTIAL_HEADERS if name in headers]


# FastAPI runs plain functions in a thread on every call, so these are asynchronous although they wait for nothing.
async def _project(request: Request) -> str:
    return current_caller(request).project_id


async def _answer_services(request: Request) -> AnswerServices:
    services: AnswerServices = request.app.state.answers
    return services


async def _job_services(request: Request) -> JobServices:
    services: JobServices = request.app.state.jobs
    return services


async def _webhook_services(request: Request) -> WebhookServices:
    services: WebhookServices = request.app.state.webhooks
    return services


async def _inputs(request: Request) -> Inputs:
    return Inputs(request.app.state.answers.retrieval, read_credentials(request.headers))


async def _response_store(request: Request) -> ResponseStore:
    store: ResponseStore = request.app.state.responses
    return store


async def _background(request: Request) -> BackgroundResponses:
    background: BackgroundResponses = request.app.state.background
    return background


async def _adapter_deletion(request: Request) -> AdapterDeletion:
    deletion: AdapterDeletion = request.app.state.adapter_deletion
    return deletion


async def _model_export(request: Request) -> ModelExport:
    model_export: ModelExport = request.app.state.model_export
    return model_export


async def _adapter_import(request: Request) -> AdapterImport:
    adapter_import: AdapterImport = request.app.state.adapter_import
    return adapter_import


async def _permissions(request: Request) -> Permissions:
    permissions: Permissions = request.app.state.permissions
    return permissions


async def _page_request(query: Annotated[PageQuery, Query()]) -> PageRequest:
    return query.page_request()


ProjectDep = Annotated[str, Depends(_project)]
AnswersDep = Annotated[AnswerServices, Depends(_answer_services)]
JobsDep = Annotated[JobServices, Depends(_job_services)]
WebhooksDep = Annotated[WebhookServices, Depends(_webhook_services)]
InputsDep = Annotated[Inputs, Depends(_inputs)]
ResponseStoreDep = Annotated[ResponseStore, Depends(_response_store)]
BackgroundDep = Annotated[BackgroundResponses, Depends(_background)]
AdapterDeletionDep = Annotated[AdapterDeletion, Depends(_adapter_deletion)]
ModelExportDep = Annotated[ModelExport, Depends(_model_export)]
AdapterImportDep = Annotated[AdapterImport, Depends(_adapter_import)]
PermissionsDep = Annotated[Permissions, Depends(_permissions)]
PageRequestDep = Annotated[PageRequest, Depends(_page_request)]
