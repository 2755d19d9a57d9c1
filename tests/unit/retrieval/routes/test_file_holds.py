"""Files that another process of Tandem holds: they are not deleted, and do not expire."""

import time
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from openai import ConflictError, NotFoundError, OpenAI
from sqlalchemy import select

from services.retrieval.catalog.records import File, FileHold
from services.retrieval.lifecycle.sweeper import sweep
from shared.web.auth import open_authenticator
from tests.retrieval_harness import RetrievalHarness
from tests.unit.retrieval.sdk import open_app

JOB, OTHER = "ftjob-1", "ftjob-2"


@pytest.fixture
def http(harness: RetrievalHarness) -> Iterator[TestClient]:
    with TestClient(open_app(harness), raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture
def file_id(client: OpenAI) -> str:
    return client.files.create(file=("train.jsonl", b"{}"), purpose="fine-tune").id


def hold(http: TestClient, file_id: str, holder: str = JOB, seconds: int = 600) -> None:
    assert http.put(f"/v1/files/{file_id}/holds/{holder}?seconds={seconds}").status_code == 204


def release(http: TestClient, file_id: str, holder: str = JOB) -> None:
    assert http.delete(f"/v1/files/{file_id}/holds/{holder}").status_code == 204


def set_times(harness: RetrievalHarness, file_id: str, *, expires_at: float | None = None, held_until: float | None = None) -> None:
    with harness.database.session() as session:
        session.get_one(File, file_id).expires_at = expires_at
        for row in session.scalars(select(FileHold)):
            row.until = held_until or row.until


def test_a_file_is_deleted_only_when_nobody_holds_it(client: OpenAI, http: TestClient, file_id: str) -> None:
    hold(http, file_id)
    hold(http, file_id, OTHER)
    hold(http, file_id)
    for holder in (JOB, OTHER):
        with pytest.raises(ConflictError, match=f"The file '{file_id}' is used by '{holder}'. Cancel it, or wait until it ends.") as raised:
            client.files.delete(file_id)
        assert (raised.value.code, raised.value.param) == ("file_in_use", "file_id")
        assert client.files.content(file_id).read() == b"{}"
        release(http, file_id, holder)
    release(http, file_id)
    assert client.files.delete(file_id).deleted


def test_a_hold_ends_by_itself(client: OpenAI, http: TestClient, file_id: str, harness: RetrievalHarness) -> None:
    hold(http, file_id)
    set_times(harness, file_id, held_until=time.time() - 1)
    assert client.files.delete(file_id).deleted
    with harness.database.session() as session:
        assert session.scalars(select(FileHold)).all() == []


def test_a_file_that_is_held_does_not_expire_until_it_is_released(
    client: OpenAI, http: TestClient, file_id: str, harness: RetrievalHarness
) -> None:
    hold(http, file_id)
    set_times(harness, file_id, expires_at=time.time() - 5)
    sweep(harness.database, harness.index, harness.folder, time.time())
    assert client.files.retrieve(file_id).id == file_id
    assert client.files.content(file_id).read() == b"{}"
    assert [file.id for file in client.files.list()] == [file_id]
    release(http, file_id)
    with pytest.raises(NotFoundError):
        client.files.retrieve(file_id)
    assert list(client.files.list()) == []
    assert harness.folder.path_of(file_id).exists()
    sweep(harness.database, harness.index, harness.folder, time.time())
    assert not harness.folder.path_of(file_id).exists()


def test_only_a_worker_holds_files_and_those_of_its_project(http: TestClient, file_id: str, harness: RetrievalHarness) -> None:
    http.app.state.authenticator = open_authenticator(harness.database, {"user-key": "default"}, "worker-key")  # type: ignore[attr-defined]
    for key, project, status in (
        ("user-key", "default", 404),
        ("worker-key", "other", 404),
        ("wrong", "default", 401),
        ("worker-key", "default", 204),
    ):
        headers = {"Authorization": f"Bearer {key}", "X-Tandem-Project": project}
        for method, query in (("PUT", "?seconds=60"), ("DELETE", "")):
            response = http.request(method, f"/v1/files/{file_id}/holds/{JOB}{query}", headers=headers)
            assert response.status_code == status, response.text


def test_a_file_that_is_gone_cannot_be_held(client: OpenAI, http: TestClient, file_id: str) -> None:
    client.files.delete(file_id)
    assert http.put(f"/v1/files/{file_id}/holds/{JOB}?seconds=60").status_code == 404
