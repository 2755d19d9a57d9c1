"""The stock `openai` SDK over the retrieval app in this process."""

from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from openai import OpenAI

from services.retrieval.app import create_app
from services.retrieval.settings import RetrievalSettings
from tests.retrieval_harness import RetrievalHarness


def open_app(harness: RetrievalHarness, ingestion: Any = None) -> FastAPI:
    """Return the app; nothing is indexed unless `ingestion` is started."""
    app = create_app(RetrievalSettings(), harness.parts(ingestion))
    app.state.authenticator = harness.authenticator
    return app


def open_sdk(harness: RetrievalHarness, ingestion: Any = None) -> OpenAI:
    """Return the SDK's client of the app; nothing is indexed unless `ingestion` is started."""
    http = TestClient(open_app(harness, ingestion), base_url="http://testserver/v1/", raise_server_exceptions=False)
    return OpenAI(base_url="http://testserver/v1", api_key="none", max_retries=0, http_client=http)
