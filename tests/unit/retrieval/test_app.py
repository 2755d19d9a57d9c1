import pytest
from fastapi.testclient import TestClient

from tests.retrieval_harness import RetrievalHarness
from tests.unit.retrieval.sdk import open_app


@pytest.fixture
def http(harness: RetrievalHarness) -> TestClient:
    """A client of a service whose worker is not started."""
    return TestClient(open_app(harness), raise_server_exceptions=False)


def test_no_redirect_names_the_inner_address(http: TestClient) -> None:
    response = http.get("/v1/files/", follow_redirects=False)
    assert response.status_code == 404 and "location" not in response.headers


def test_a_worker_that_does_not_run_makes_the_service_not_ready(http: TestClient) -> None:
    response = http.get("/health/ready")
    assert response.status_code == 503 and "not running" in response.json()["missing"]["ingest"]


def test_bytes_whose_record_cannot_be_stored_are_deleted(http: TestClient, harness: RetrievalHarness) -> None:
    with harness.database.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TRIGGER refuse BEFORE INSERT ON files BEGIN SELECT RAISE(ABORT, 'no'); END")
    response = http.post("/v1/files", files={"file": ("a.txt", b"text")}, data={"purpose": "assistants"})
    assert response.status_code >= 400
    assert list((harness.path / "files").iterdir()) == []


def test_several_queries_are_all_listed(http: TestClient) -> None:
    response = http.post("/v1/vector_stores/vs_1/search", json={"query": ["one", "two"]})
    assert response.json()["search_query"] == ["one", "two"]
