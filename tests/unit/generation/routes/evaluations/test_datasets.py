from typing import Any

import httpx
import pytest

from shared.contracts.datasets import AnswersSpec, DatasetSpec
from shared.records import jobs
from shared.records.database import Database
from shared.records.evaluation.dataset_items import DatasetItem
from tests.fake_retrieval import FakeRetrieval

PATH = "/v1/datasets"
FILES = {"training_file": "file-t", "validation_file": None, "questions_file": "file-q"}
COUNTS = {
    "examples": {"train": 12},
    "documents": {"train": 3},
    "kinds": {"fact": 12},
    "difficulties": {"easy": 12},
    "requested": 20,
    "filtered": {},
}


@pytest.fixture
def body(retrieval: FakeRetrieval, database: Database) -> dict[str, Any]:
    return {"vector_store_ids": [retrieval.add_store([])]}


def create(http: httpx.Client, body: dict[str, Any]) -> dict[str, Any]:
    response = http.post(PATH, json=body)
    assert response.status_code == 200, response.text
    created: dict[str, Any] = response.json()
    return created


def create_invalid(http: httpx.Client, body: dict[str, Any], status: int = 400) -> dict[str, Any]:
    response = http.post(PATH, json=body)
    assert response.status_code == status, response.text
    error: dict[str, Any] = response.json()["error"]
    return error


def read_row(database: Database, job_id: str) -> jobs.Job:
    with database.session() as session:
        row = session.get(jobs.Job, job_id)
    assert row is not None
    return row


def test_a_dataset_is_queued_with_the_base_model_as_its_generator(http: httpx.Client, body: dict[str, Any], database: Database) -> None:
    dataset = create(http, body)
    assert dataset["id"].startswith("dset_")
    assert (dataset["object"], dataset["status"], dataset["percent"], dataset["result"]) == ("dataset", "queued", 0.0, None)
    assert dataset["generator"] == {"model": "tiny", "url": None}
    assert DatasetSpec.model_validate(read_row(database, dataset["id"]).spec).split.questions == 0.3
    assert http.get(f"{PATH}/{dataset['id']}").json() == dataset


def test_a_generator_behind_a_url_is_not_looked_up_here(http: httpx.Client, body: dict[str, Any]) -> None:
    generator = {"url": "https://models.example.com/v1", "model": "any-name"}
    assert create(http, {**body, "generator": generator})["generator"] == generator


def test_a_key_has_no_place_in_a_request(http: httpx.Client, body: dict[str, Any]) -> None:
    error = create_invalid(http, {**body, "generator": {"url": "https://a.example/v1", "model": "m", "api_key": "sk-1"}})
    assert error["param"] == "generator.api_key"
    assert "sk-1" not in error["message"]


@pytest.mark.parametrize(
    ("change", "param", "problem"),
    [
        ({"vector_store_ids": []}, "vector_store_ids", "must not be empty"),
        ({"examples": 3}, "examples", "between 20 and 5000"),
        ({"split": {"train": 0.9, "validation": 0.1, "questions": 0.3}}, "split", "add up to 1"),
        ({"raft": {"oracle_share": 0.9, "unanswerable_share": 0.2}}, "raft", "must add up to at most 1; got 1.1"),
        ({"kinds": ["riddle"]}, "kinds[0]", "riddle"),
        ({"generator": {"model": "m", "url": "ftp://a.example"}}, "generator.url", "generator.url"),
        ({"generator": {"model": "m", "url": "https://user:secret@a.example/v1"}}, "generator.url", "generator.url"),
    ],
)
def test_an_invalid_dataset_is_a_400(http: httpx.Client, body: dict[str, Any], change: dict[str, Any], param: str, problem: str) -> None:
    error = create_invalid(http, {**body, **change})
    assert error["param"] == param
    assert problem in error["message"]


def test_unknown_generators_and_vector_stores_are_404s(http: httpx.Client, body: dict[str, Any]) -> None:
    assert create_invalid(http, {**body, "generator": {"model": "other"}}, 404)["param"] == "generator.model"
    assert create_invalid(http, {"vector_store_ids": ["vs_gone"]}, 404)["param"] == "vector_store_ids[0]"


def test_a_dataset_from_responses_has_only_what_belongs_to_its_source(http: httpx.Client, body: dict[str, Any], database: Database) -> None:
    wanted = {"source": "responses", "responses": {"metadata": {"task": "triage"}, "passages": "drop"}, "instructions": "Be short."}
    dataset = create(http, wanted)
    assert (dataset["source"], dataset["instructions"]) == ("responses", "Be short.")
    assert dataset["split"] == {"train": 0.9, "validation": 0.1, "questions": 0}
    assert {name for name, value in dataset.items() if value is None} >= {"vector_store_ids", "generator", "examples", "kinds", "raft"}
    chosen = dataset["responses"]
    assert (chosen["metadata"], chosen["limit"], chosen["instructions"], chosen["passages"]) == ({"task": "triage"}, 10_000, "keep", "drop")
    assert chosen["created_before"] in (dataset["created_at"], dataset["created_at"] - 1)  # what comes later does not belong to it
    assert AnswersSpec.model_validate(read_row(database, dataset["id"]).spec).chosen.model is None
    assert http.get(f"{PATH}/{dataset['id']}").json() == dataset
    assert http.get(PATH).json()["data"] == [dataset]
    events = http.get(f"{PATH}/{dataset['id']}/events").json()["data"]
    assert events[0]["message"] == "The dataset was created; its examples are made from stored responses."


def test_a_dataset_from_chat_completions_is_described_like_one_from_responses(http: httpx.Client, database: Database) -> None:
    dataset = create(http, {"source": "chat_completions", "chat_completions": {"metadata": {"task": "triage"}}, "seed": 3})
    assert (dataset["source"], dataset["responses"], dataset["seed"]) == ("chat_completions", None, 3)
    assert dataset["split"] == {"train": 0.9, "validation": 0.1, "questions": 0}
    assert (dataset["chat_completions"]["metadata"], dataset["chat_completions"]["limit"]) == ({"task": "triage"}, 10_000)
    assert dataset["chat_completions"]["created_before"] in (dataset["created_at"], dataset["created_at"] - 1)
    assert AnswersSpec.model_validate(read_row(database, dataset["id"]).spec).chosen.metadata == {"task": "triage"}
    assert create(http, {"source": "chat_completions"})["chat_completions"]["metadata"] == {}
    events = http.get(f"{PATH}/{dataset['id']}/events").json()["data"]
    assert events[0]["message"] == "The dataset was created; its examples are made from stored chat completions."


def test_a_dataset_from_responses_needs_nothing_else_and_keeps_earlier_ends(http: httpx.Client, database: Database) -> None:
    assert create(http, {"source": "responses"})["responses"]["metadata"] == {}
    assert create(http, {"source": "responses", "responses": None, "kinds": None})["responses"]["limit"] == 10_000
    assert create(http, {"source": "responses", "responses": {"created_before": 9}})["responses"]["created_before"] == 9
    split = {"train": 1, "validation": 0, "questions": 0}
    assert create(http, {"source": "responses", "split": split})["split"] == split


@pytest.mark.parametrize(
    ("wanted", "param", "problem"),
    [
        ({}, "vector_store_ids", "is required unless you send 'source': 'responses'"),
        ({"source": "documents", "responses": {}}, "responses", "must not be sent if 'source' is 'documents'"),
        ({"source": "files"}, "source", "one of 'documents', 'responses', 'chat_completions'"),
        ({"source": "responses", "chat_completions": {}}, "chat_completions", "set 'source' to 'chat_completions'"),
        ({"source": "chat_completions", "responses": {}}, "responses", "set 'source' to 'responses'"),
        ({"source": "documents", "chat_completions": {}}, "chat_completions", "must not be sent if 'source' is 'documents'"),
        ({"source": "chat_completions", "examples": 200}, "examples", "set 'source' to 'documents'"),
        (
            {"source": "chat_completions", "split": {"validation": 0, "questions": 0.1}},
            "split",
            "With 'source': 'chat_completions', 'split.questions' must be 0",
        ),
        ({"source": "chat_completions", "chat_completions": {"created_after": 2**53}}, "chat_completions.created_after", "in the future"),
        ({"source": "chat_completions", "chat_completions": {"limit": 9}}, "chat_completions.limit", "between 10 and 100000"),
        ({"source": "responses", "vector_store_ids": ["vs_1"]}, "vector_store_ids", "must not be sent if 'source' is 'responses'"),
        ({"source": "responses", "examples": 200}, "examples", "must not be sent"),
        ({"source": "responses", "generator": {"model": "tiny"}}, "generator", "must not be sent"),
        ({"source": "responses", "raft": {}}, "raft", "must not be sent"),
        ({"source": "responses", "split": {"validation": 0, "questions": 0.1}}, "split", "'split.questions' must be 0"),
        ({"source": "responses", "split": {"train": 0.5}}, "split", "must add up to 1; got 0.5 + 0.1 + 0 = 0.6."),
        ({"source": "responses", "split": {"train": 0, "validation": 1, "questions": 0}}, "split", "'split.train' must be greater than 0"),
        ({"source": "responses", "responses": {"limit": 100_001}}, "responses.limit", "between 10 and 100000"),
        ({"source": "responses", "responses": {"limit": True}}, "responses.limit", "integer"),
        ({"source": "responses", "responses": {"passages": "hide"}}, "responses.passages", "one of 'keep', 'drop'"),
        ({"source": "responses", "responses": {"tools": "drop"}}, "responses.tools", "one of 'keep', 'skip'"),
        ({"source": "responses", "responses": {"metadata": {"a": 1}}}, "responses.metadata.a", "string"),
        ({"source": "responses", "responses": {"metadata": {"": "x"}}}, "responses.metadata.", "key"),
        ({"source": "responses", "responses": {"metadata": {str(n): "" for n in range(17)}}}, "responses.metadata", "16"),
        (
            {"source": "responses", "responses": {"created_after": 5, "created_before": 4}},
            "responses.created_after",
            "must not be later than",
        ),
        ({"source": "responses", "responses": {"created_after": 2**53}}, "responses.created_after", "must not be in the future"),
        ({"source": "responses", "responses": {"created_before": 2**63}}, "responses.created_before", "9007199254740992"),
        ({"source": "responses", "responses": {"created_after": "2026-01-01"}}, "responses.created_after", "integer"),
        ({"source": "responses", "responses": {"filter": {}}}, "responses.filter", "filter"),
        ({"source": "responses", "responses": []}, "responses", "object"),
    ],
)
def test_an_invalid_dataset_from_responses_is_a_400(http: httpx.Client, wanted: dict[str, Any], param: str, problem: str) -> None:
    error = create_invalid(http, wanted)
    assert error["param"] == param
    assert problem in error["message"]


def test_shares_that_are_not_sent_are_those_of_the_source(http: httpx.Client) -> None:
    for split, expected in (({}, (0.9, 0.1)), ({"train": 0.9, "validation": None}, (0.9, 0.1)), ({"validation": 0.1}, (0.9, 0.1))):
        dataset = create(http, {"source": "chat_completions", "split": split})
        assert dataset["split"] == {"train": expected[0], "validation": expected[1], "questions": 0}


def test_repeated_stores_and_kinds_count_once(http: httpx.Client, body: dict[str, Any]) -> None:
    dataset = create(http, {"vector_store_ids": body["vector_store_ids"] * 2, "kinds": ["why", "name", "why"]})
    assert (dataset["vector_store_ids"], dataset["kinds"]) == (body["vector_store_ids"], ["why", "name"])


def test_datasets_are_listed_page_by_page(http: httpx.Client, body: dict[str, Any]) -> None:
    created = {create(http, body)["id"] for _ in range(3)}
    first = http.get(PATH, params={"limit": 2}).json()
    second = http.get(PATH, params={"limit": 2, "after": first["last_id"]}).json()
    assert (first["has_more"], second["has_more"]) == (True, False)
    assert {row["id"] for row in first["data"] + second["data"]} == created


def test_a_dataset_can_be_canceled_and_says_so_in_its_events(http: httpx.Client, body: dict[str, Any]) -> None:
    path = f"{PATH}/{create(http, body)['id']}"
    assert http.post(f"{path}/cancel").json()["status"] == "cancelled"
    events = http.get(f"{path}/events").json()["data"]
    assert [event["object"] for event in events] == ["dataset.event"] * 3
    assert events[0]["message"] == "The job was canceled."
    assert "'tiny' writes its examples" in events[-1]["message"]


def test_a_finished_dataset_shows_its_files_and_cannot_be_canceled(http: httpx.Client, body: dict[str, Any], database: Database) -> None:
    path = f"{PATH}/{(job_id := create(http, body)['id'])}"
    with database.session() as session:
        jobs.claim(session, job_id, "worker", 60)
        jobs.finish(session, job_id, "worker", "succeeded", result={**FILES, **COUNTS})
    dataset = http.get(path).json()
    assert dataset["result"]["questions_file"] == "file-q"
    assert dataset["examples"] == 200  # as requested; the result counts what there is
    response = http.post(f"{path}/cancel")
    assert response.status_code == 409
    assert "already succeeded" in response.json()["error"]["message"]


def test_deleting_a_dataset_deletes_its_items(http: httpx.Client, body: dict[str, Any], database: Database) -> None:
    job_id = create(http, body)["id"]
    with database.session() as session:
        session.add(DatasetItem(job_id=job_id, key="a", state="kept", content={}))
    assert http.delete(f"{PATH}/{job_id}").json() == {"id": job_id, "object": "dataset.deleted", "deleted": True}
    with database.session() as session:
        assert session.query(DatasetItem).count() == 0
    assert http.get(f"{PATH}/{job_id}").status_code == 404
