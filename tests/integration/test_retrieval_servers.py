"""Two replicas of the retrieval service over one PostgreSQL and one Qdrant server; and a Qdrant server that goes away."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest

from tests.integration.qdrant import QdrantServer
from tests.integration.retrieval_service import running, settings_in
from tests.serving import wait_until

TEXT = "Pump number {number} stands in hall {number} and has a turquoise seal."


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[QdrantServer]:
    (tmp_path / "qdrant").mkdir()
    server = QdrantServer(tmp_path / "qdrant")
    server.start()
    yield server
    server.stop()


def over(server: QdrantServer, **values: Any) -> dict[str, Any]:
    return {"qdrant_url": server.url, "qdrant_api_key": server.key, **values}


def test_replicas_share_the_work_and_the_answers(tmp_path: Path, postgres_url: str, qdrant_server: QdrantServer) -> None:
    common = {"database_url": postgres_url, "files": tmp_path / "files"}
    one = settings_in(tmp_path / "one", **over(qdrant_server, **common))
    two = settings_in(tmp_path / "two", **over(qdrant_server, **common, qdrant_grpc=True, qdrant_grpc_port=qdrant_server.grpc_port))
    with running(one) as first, running(two) as second:
        ids = [first.files.create(file=(f"{n}.txt", TEXT.format(number=n).encode()), purpose="assistants").id for n in range(12)]
        store = first.vector_stores.create(file_ids=ids).id
        wait_until(lambda: second.vector_stores.retrieve(store).status == "completed", 60)
        assert second.vector_stores.retrieve(store).file_counts.completed == 12
        for client in (first, second):
            hits = client.vector_stores.search(store, query="turquoise seal", max_num_results=50).data
            assert sorted(hit.file_id for hit in hits) == sorted(ids)
        second.files.delete(ids[0])
        assert ids[0] not in [hit.file_id for hit in first.vector_stores.search(store, query="turquoise seal", max_num_results=50).data]


def test_a_qdrant_server_that_goes_away_is_named_and_waited_for(tmp_path: Path, own_server: QdrantServer) -> None:
    with running(settings_in(tmp_path, **over(own_server))) as client:
        store = client.vector_stores.create().id
        client.vector_stores.files.upload_and_poll(vector_store_id=store, file=("1.txt", TEXT.format(number=1).encode()))
        own_server.stop()
        with pytest.raises(openai.InternalServerError, match="RETRIEVAL_QDRANT_URL") as caught:
            client.vector_stores.search(store, query="seal")
        assert caught.value.status_code == 503
        root = str(client.base_url).removesuffix("/v1/")
        assert "index" in httpx.get(f"{root}/health/ready").json()["missing"]
        waiting = client.files.create(file=("2.txt", TEXT.format(number=2).encode()), purpose="assistants").id
        client.vector_stores.files.create(store, file_id=waiting)
        wait_until(lambda: client.vector_stores.files.retrieve(waiting, vector_store_id=store).last_error is not None, 30)
        seen = client.vector_stores.files.retrieve(waiting, vector_store_id=store)
        assert seen.status == "in_progress" and seen.last_error is not None and "RETRIEVAL_QDRANT_URL" in seen.last_error.message
        own_server.start()
        assert client.vector_stores.files.poll(waiting, vector_store_id=store, max_wait_seconds=60).status == "completed"
        assert len(client.vector_stores.search(store, query="seal").data) == 2
        assert httpx.get(f"{root}/health/ready").is_success
