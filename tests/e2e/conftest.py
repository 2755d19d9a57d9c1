import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from openai import OpenAI

from deploy.local.mainjob import MainJob
from deploy.local.progress import silent
from tests.e2e.question_writer import make_writer
from tests.e2e.stack import Stack
from tests.serving import serving

SAMPLE = Path(__file__).parents[2] / "deploy" / "local" / "sample"


@pytest.fixture(scope="session")
def writer() -> Iterator[str]:
    """The URL of an API outside the stack whose model writes questions: the stack's own model is too small for that."""
    with serving(make_writer()) as url:
        yield f"{url}/v1"


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, writer: str) -> Iterator[Stack]:
    """One real stack for every end-to-end test: its engine takes most of a minute to start."""
    running = Stack(tmp_path_factory.mktemp("stack"), EVALUATION_EXTERNAL_GENERATORS=json.dumps({writer: ""}))
    try:
        running.wait_ready()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="session")
def client(stack: Stack) -> Iterator[OpenAI]:
    with OpenAI(base_url=stack.base_url, api_key="none", max_retries=0, timeout=300) as client:
        yield client


@pytest.fixture(scope="session")
def http(stack: Stack) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=stack.base_url, timeout=300) as http:
        yield http


@pytest.fixture(scope="session")
def base(client: OpenAI) -> str:
    return next(iter(client.models.list())).id


@pytest.fixture(scope="session")
def store(client: OpenAI) -> str:
    """The sample handbook, indexed."""
    job = MainJob(client, lambda: None)
    return job.index("handbook", job.upload(SAMPLE / "documents", silent), silent)
