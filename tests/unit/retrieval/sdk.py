"""The stock `openai` SDK over the retrieval app in this process."""

from typing import Any

from fastapi.testclient import TestClient
from openai import OpenAI

from services.retrieval.app import create_app
from services.retrieval.settings import RetrievalSettings
from tests.retrieval_harness import RetrievalHarness


def open_client(harness: RetrievalHarness, ingestion: Any = None) -> TestClient:
    """Return an HTTP client of the app; nothing is indexed unless `ingestion` is started."""
    app = create_app(RetrievalSettings(), harness.parts(ingestion))
    app.state.authenticator = harness.authenticator
    return TestClient(app, base_url="http://testserver/v1/", raise_server_exceptions=False)


def open_sdk(harness: RetrievalHarness, ingestion: Any = None) -> OpenAI:
    """Return the SDK's client of the same."""
    http = open_client(harness, ingestion)
    return OpenAI(base_url="http://testserver/v1", api_key="none", max_retries=0, http_client=http)
