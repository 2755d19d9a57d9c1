"""The front door between a fake engine and a fake retrieval service, all served over loopback."""

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
from openai import OpenAI
from sqlalchemy import delete

from services.generation.app import create_app
from services.generation.settings import GenerationSettings
from shared.records import MIGRATIONS
from shared.records.database import Database
from shared.records.jobs import Job
from shared.records.models.adapters import Adapter
from shared.settings import JobSettings
from tests.fake_engine import FakeEngine
from tests.fake_retrieval import FakeRetrieval
from tests.migrated import write_migrated
from tests.ports import free_port
from tests.serving import serving

FrontDoor = Callable[..., AbstractContextManager[str]]


@pytest.fixture(scope="session", autouse=True)
def quiet() -> Iterator[None]:
    """Keep the access log of servers in other threads out of the tests' output."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def engine_and_url() -> Iterator[tuple[FakeEngine, str]]:
    engine = FakeEngine()
    with serving(engine.app()) as url:
        yield engine, url


@pytest.fixture(scope="session")
def retrieval_and_url() -> Iterator[tuple[FakeRetrieval, str]]:
    retrieval = FakeRetrieval()
    with serving(retrieval.app()) as url:
        yield retrieval, url


@pytest.fixture
def engine(engine_and_url: tuple[FakeEngine, str]) -> FakeEngine:
    engine_and_url[0].reset()
    return engine_and_url[0]


@pytest.fixture
def engine_url(engine: FakeEngine, engine_and_url: tuple[FakeEngine, str]) -> str:
    return engine_and_url[1]


@pytest.fixture
def retrieval(retrieval_and_url: tuple[FakeRetrieval, str]) -> FakeRetrieval:
    retrieval_and_url[0].reset()
    return retrieval_and_url[0]


@pytest.fixture
def retrieval_url(retrieval: FakeRetrieval, retrieval_and_url: tuple[FakeRetrieval, str]) -> str:
    return retrieval_and_url[1]


@pytest.fixture(scope="session")
def dead_url() -> str:
    return f"http://127.0.0.1:{free_port()}"


@pytest.fixture(scope="session")
def open_front_door(
    engine_and_url: tuple[FakeEngine, str], retrieval_and_url: tuple[FakeRetrieval, str], tmp_path_factory: pytest.TempPathFactory
) -> FrontDoor:
    """Return what starts a front door of its own, for tests with settings of their own."""

    @contextmanager
    def start(common: dict[str, Any] | None = None, data: Path | None = None, **own: Any) -> Iterator[str]:
        data = data or tmp_path_factory.mktemp("data")
        if not (data / "jobs.db").exists():
            write_migrated(data / "jobs.db", MIGRATIONS)
        shared = {"data": data, "base_name": "tiny", "broker_url": "memory://", **(common or {})}
        urls = {"engine_url": engine_and_url[1], "retrieval_url": retrieval_and_url[1]}
        with serving(create_app(GenerationSettings(common=JobSettings(**shared), **{**urls, "offer_search": True, **own}))) as url:
            yield url

    return start


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the front door that most tests share."""
    return tmp_path_factory.mktemp("shared-data")


@pytest.fixture(scope="session")
def shared_front_door(open_front_door: FrontDoor, data: Path) -> Iterator[str]:
    with open_front_door(data=data, common={"integrations": "wandb, mlflow"}) as url:
        yield url


@pytest.fixture
def front_door(shared_front_door: str, engine: FakeEngine, retrieval: FakeRetrieval) -> str:
    """The URL of a front door without keys, with the fake services reset."""
    return shared_front_door


@pytest.fixture
def http(front_door: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=front_door, timeout=20) as client:
        yield client


@pytest.fixture
def sdk(front_door: str) -> Iterator[OpenAI]:
    with OpenAI(base_url=f"{front_door}/v1", api_key="none", max_retries=0, timeout=20) as client:
        yield client


@pytest.fixture
def database(shared_front_door: str, data: Path) -> Iterator[Database]:
    """The jobs database of the shared front door, emptied of jobs and adapters."""
    database = Database(JobSettings(data=data).jobs_url)
    with database.session() as session:
        session.execute(delete(Job))
        session.execute(delete(Adapter))
    yield database
    database.close()


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
