from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from services.retrieval.app import create_app
from services.retrieval.dependencies import Parts
from services.retrieval.settings import RetrievalSettings
from shared.web.auth import open_authenticator
from tests.unit.retrieval.stand_ins import Office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = Office(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def client(office: Office) -> TestClient:
    """Return a client of a service whose worker is not started."""
    authenticator = open_authenticator(office.database, {}, None)
    parts = Parts(
        authenticator, office.database, office.folder, office.embedders, office.index, office.searcher, office.worker(), max_file_bytes=1000
    )
    app = create_app(RetrievalSettings(), parts)
    app.state.authenticator = authenticator
    return TestClient(app, raise_server_exceptions=False)


def test_no_redirect_names_the_inner_address(client: TestClient) -> None:
    answer = client.get("/v1/files/", follow_redirects=False)
    assert answer.status_code == 404 and "location" not in answer.headers


def test_a_worker_that_does_not_run_is_told(client: TestClient) -> None:
    answer = client.get("/health/ready")
    assert answer.status_code == 503 and "not running" in answer.json()["missing"]["ingest"]


def test_bytes_whose_record_cannot_be_stored_are_removed(client: TestClient, office: Office) -> None:
    with office.database.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TRIGGER refuse BEFORE INSERT ON files BEGIN SELECT RAISE(ABORT, 'no'); END")
    answer = client.post("/v1/files", files={"file": ("a.txt", b"text")}, data={"purpose": "assistants"})
    assert answer.status_code >= 400
    assert list((office.path / "files").iterdir()) == []


def test_several_queries_are_all_listed(client: TestClient) -> None:
    answer = client.post("/v1/vector_stores/vs_1/search", json={"query": ["one", "two"]})
    assert answer.json()["search_query"] == ["one", "two"]
