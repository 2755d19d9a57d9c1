"""Every route of both services that takes a JSON body, and clients of both in this process."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient

from services.generation.app import create_app as create_generation
from services.generation.routes.passthrough import RESOURCES
from services.generation.settings import GenerationSettings
from services.retrieval.app import create_app as create_retrieval
from services.retrieval.settings import RetrievalSettings
from shared.settings import JobSettings
from shared.validation.schema import Schema
from tests.fake_engine import FakeEngine
from tests.fake_retrieval import FakeRetrieval
from tests.retrieval_harness import RetrievalHarness
from tests.serving import serving

JSON = "application/json"


@dataclass(frozen=True)
class JsonOperation:
    """An operation with a JSON body: its service, path and schema."""

    service: str
    method: str
    path: str
    schema: Schema

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def passes_to_engine(self) -> bool:
        """Whether the body belongs to the engine, which takes fields that Tandem does not know."""
        return self.path in ("/v1/chat/completions", "/v1/completions")

    @property
    def address(self) -> str:
        """The path with an id in each place for one."""
        return self.path.replace("{vector_store_id}", "vs_1").replace("{file_id}", "file-1")


def json_operations() -> list[JsonOperation]:
    """Return every operation with a JSON body, as the OpenAPI document of its own service has it."""
    apps = {"generation": create_generation(GenerationSettings()), "retrieval": create_retrieval(RetrievalSettings())}
    return [operation for service, app in apps.items() for operation in _operations(service, app)]


def _operations(service: str, app: FastAPI) -> Iterator[JsonOperation]:
    document: dict[str, Any] = app.openapi()
    forwarded = RESOURCES if service == "generation" else ()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {}) if isinstance(operation, dict) else {}
            if JSON in content and not path.startswith(forwarded):
                yield JsonOperation(service, method.upper(), path, Schema(content[JSON]["schema"], document))


@contextmanager
def json_clients(folder: Path) -> Iterator[dict[str, TestClient]]:
    """Yield a client of each service. An unexpected error is a 500."""
    harness = RetrievalHarness(folder)
    retrieval = create_retrieval(RetrievalSettings(), harness.parts())
    retrieval.state.authenticator = harness.authenticator
    with ExitStack() as stack:
        stack.callback(harness.close)
        engine, fake = stack.enter_context(serving(FakeEngine().app())), stack.enter_context(serving(FakeRetrieval().app()))
        common = JobSettings(data=folder, base_name="tiny", broker_url="memory://")
        generation = create_generation(GenerationSettings(common=common, engine_url=engine, retrieval_url=fake))
        apps = {"generation": generation, "retrieval": retrieval}
        yield {name: stack.enter_context(TestClient(app, raise_server_exceptions=False)) for name, app in apps.items()}
