"""The same deletion eight times at the same moment: one finds what it deletes, the others find nothing. Nor does an update then."""

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.at_once import CALLERS, Call, send_at_once
from tests.retrieval_harness import RetrievalHarness
from tests.serving import serving
from tests.unit.retrieval.sdk import open_app

ROUNDS = 5


@pytest.fixture
def url(harness: RetrievalHarness) -> Iterator[str]:
    """The service behind a real server, whose requests run at the same time."""
    with serving(open_app(harness)) as url:
        yield url


@pytest.mark.parametrize("kind", ["file", "file in a store", "store"])
def test_of_eight_deletions_at_once_one_succeeds(harness: RetrievalHarness, url: str, kind: str) -> None:
    for number in range(ROUNDS):
        store = harness.add_store(f"vs_{number + 10}")
        file_id = harness.attach("The seal is turquoise.", store_id=store)
        harness.work()
        paths = {
            "file": f"/v1/files/{file_id}",
            "file in a store": f"/v1/vector_stores/{store}/files/{file_id}",
            "store": f"/v1/vector_stores/{store}",
        }
        responses = send_at_once(url, [("DELETE", paths[kind])] * CALLERS)
        assert Counter(response.status_code for response in responses) == {200: 1, 404: CALLERS - 1}
    assert harness.count_points() == 0


def test_the_deletion_that_succeeds_counts_what_was_deleted(harness: RetrievalHarness, url: str) -> None:
    file_id = harness.attach("The seal is turquoise.")
    harness.work()
    responses = send_at_once(url, [("DELETE", f"/v1/files/{file_id}")] * CALLERS)
    (deleted,) = [response.json() for response in responses if response.status_code == 200]
    assert deleted["removed"] == {"files": 1, "chunks": 1, "note": None}
    missing = next(response.json()["error"] for response in responses if response.status_code == 404)
    assert (missing["message"], missing["param"], missing["code"]) == (f"There is no file '{file_id}'.", "file_id", "not_found")


def test_a_store_that_is_updated_while_it_is_deleted_is_updated_or_not_found(harness: RetrievalHarness, url: str) -> None:
    for number in range(ROUNDS):
        path = f"/v1/vector_stores/{harness.add_store(f'vs_{number + 10}')}"
        update: Call = ("POST", path, {"name": "new", "metadata": {"a": "b"}})
        *updates, deletion = [response.status_code for response in send_at_once(url, [*[update] * 7, ("DELETE", path)])]
        assert deletion == 200
        assert set(updates) <= {200, 404}


def test_a_file_that_is_updated_while_it_is_deleted_is_updated_or_not_found(harness: RetrievalHarness, url: str) -> None:
    for _ in range(ROUNDS):
        file_id = harness.attach("The seal is turquoise.")
        harness.work()
        path = f"/v1/vector_stores/vs_1/files/{file_id}"
        update: Call = ("POST", path, {"attributes": {"a": 1}})
        calls: list[Call] = [*[update] * 4, ("POST", f"{path}/cancel"), ("DELETE", f"/v1/files/{file_id}")]
        *updates, cancellation, deletion = [response.status_code for response in send_at_once(url, calls)]
        assert deletion == 200
        assert set(updates) <= {200, 404}
        assert cancellation in (404, 409)
