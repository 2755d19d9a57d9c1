"""Stored responses become files that a fine-tuning job takes: front door, retrieval, database and worker, without a model."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openai import OpenAI

from services.evaluation.datasets.distillation.read_responses import ResponseReader
from services.evaluation.settings import EvaluationSettings
from services.evaluation.worker import create_worker
from shared import records
from shared.contracts.datasets import StoredAnswers
from shared.records import jobs
from shared.records.database import Database, migrate
from shared.records.responses import StoredResponse
from shared.settings import JobSettings
from tests.contract.fuzzed import KEY, MODEL, serving_front_door
from tests.migrated import open_migrated

ODD = {'quote"s': "1", "brackets[a]": "2", "größe & co": "ß=%", "\\back$.slash": "null", "empty": "", "0": "a"}


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    with serving_front_door(tmp_path) as url:
        yield url


@pytest.fixture
def sdk(url: str) -> Iterator[OpenAI]:
    with OpenAI(base_url=f"{url}/v1", api_key=KEY, max_retries=0) as client:
        yield client


@pytest.fixture
def settings(url: str, tmp_path: Path) -> EvaluationSettings:
    # The worker has the project's key, the only one that retrieval knows here.
    common: dict[str, Any] = {"data": tmp_path, "api_url": url, "worker_key": KEY, "broker_url": "memory://"}
    return EvaluationSettings(common=JobSettings(**common))


def have_conversations(sdk: OpenAI, count: int) -> None:
    """Store conversations of two turns, of which the second is marked, and as many of another task."""
    for number in range(count):
        first = sdk.responses.create(model=MODEL, input=f"Order {number} arrived broken.", metadata={"task": "other"})
        sdk.responses.create(
            model=MODEL,
            input=f"Which team has order {number}?",
            previous_response_id=first.id,
            instructions="A page of rules.",
            metadata={"task": "triage"},
        )
    sdk.responses.create(model=MODEL, input="Private.", store=False, metadata={"task": "triage"})


def read_lines(sdk: OpenAI, file_id: str) -> list[list[dict[str, Any]]]:
    return [json.loads(line)["messages"] for line in sdk.files.content(file_id).text.splitlines()]


def read_dataset(sdk: OpenAI, id: str) -> dict[str, Any]:
    dataset: Any = sdk.get(f"/datasets/{id}", cast_to=object)
    return dict(dataset)


def test_marked_responses_train_a_model_at_once(sdk: OpenAI, settings: EvaluationSettings) -> None:
    have_conversations(sdk, 12)
    body: Any = {"source": "responses", "responses": {"metadata": {"task": "triage"}}, "instructions": "Name the team."}
    created: Any = sdk.post("/datasets", body=body, cast_to=object)
    database = Database(settings.common.jobs_url)
    with database.session() as session:  # a worker that died before it stored anything
        assert jobs.claim(session, created["id"], "dead", seconds=0)
    database.close()
    create_worker(settings).work(created["id"])
    dataset = read_dataset(sdk, created["id"])
    assert (dataset["status"], dataset["error"], dataset["percent"]) == ("succeeded", None, 100.0)
    result = dataset["result"]
    assert (result["examples"], result["requested"], result["filtered"]) == ({"train": 11, "validation": 1}, 12, {})
    assert sdk.files.retrieve(result["training_file"]).purpose == "fine-tune"
    lines = [*read_lines(sdk, result["training_file"]), *read_lines(sdk, result["validation_file"])]
    assert {tuple(message["role"] for message in line) for line in lines} == {("system", "user", "assistant", "user", "assistant")}
    assert {(line[0]["content"], line[2]["weight"], "weight" in line[4]) for line in lines} == {("Name the team.", 0, False)}
    job = sdk.fine_tuning.jobs.create(model=MODEL, training_file=result["training_file"], validation_file=result["validation_file"])
    assert job.status in ("validating_files", "queued")


def test_marked_chat_completions_train_a_model_at_once(sdk: OpenAI, settings: EvaluationSettings) -> None:
    for number in range(12):
        asked: Any = [{"role": "system", "content": "A page of rules."}, {"role": "user", "content": f"Which team has order {number}?"}]
        fields: Any = {"model": MODEL, "messages": asked, "store": True, "metadata": {"task": "triage"}}
        if number % 2:
            list(sdk.chat.completions.create(**fields, stream=True))
        else:
            sdk.chat.completions.create(**fields)
    sdk.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": "Private."}])
    body: Any = {"source": "chat_completions", "chat_completions": {"metadata": {"task": "triage"}}, "instructions": "Name the team."}
    created: Any = sdk.post("/datasets", body=body, cast_to=object)
    create_worker(settings).work(created["id"])
    dataset = read_dataset(sdk, created["id"])
    assert (dataset["status"], dataset["error"], dataset["source"]) == ("succeeded", None, "chat_completions")
    result = dataset["result"]
    assert (result["examples"], result["requested"], result["filtered"]) == ({"train": 11, "validation": 1}, 12, {})
    lines = [*read_lines(sdk, result["training_file"]), *read_lines(sdk, result["validation_file"])]
    assert {tuple(message["role"] for message in line) for line in lines} == {("system", "user", "assistant")}
    assert {line[0]["content"] for line in lines} == {"Name the team."}
    assert sdk.fine_tuning.jobs.create(model=MODEL, training_file=result["training_file"]).status in ("validating_files", "queued")


def test_another_project_has_none_of_them(sdk: OpenAI, settings: EvaluationSettings) -> None:
    have_conversations(sdk, 1)
    database = Database(settings.common.jobs_url)
    assert sum(len(window.turns) for window in ResponseReader(database, "default", StoredAnswers()).read()) == 2
    assert list(ResponseReader(database, "blue", StoredAnswers()).read()) == []
    database.close()


@pytest.fixture(params=["postgresql", "sqlite"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    if request.param == "sqlite":
        database = open_migrated(request.getfixturevalue("tmp_path") / "jobs.db", records.MIGRATIONS)
    else:
        database = Database(request.getfixturevalue("postgres_url"))
        migrate(database, records.MIGRATIONS)
    yield database
    database.close()


def test_responses_are_found_in_both_databases_whatever_the_keys_of_their_metadata_are(database: Database) -> None:
    def find(**chosen: Any) -> list[str]:
        windows = ResponseReader(database, "default", StoredAnswers(**chosen)).read()
        return [turn.id for window in windows for turn in window.turns]

    with database.session() as session:
        for created_at, (id, metadata) in enumerate({"odd": ODD, "none": {}, "quote": {"a": "it's"}}.items()):
            body = {"output": [], "model": "tiny", "metadata": metadata}
            session.add(StoredResponse(id=id, project_id="default", created_at=created_at, input=[], body=body))
    assert [find(metadata={key: value}) for key, value in ODD.items()] == [["odd"]] * len(ODD)
    assert find(metadata=ODD) == ["odd"]
    assert find(metadata={"a": "it's"}) == ["quote"]
    assert find(metadata={"empty": "x"}) == find(metadata={"other": ""}) == find(model="other") == []
    assert find() == find(model="tiny") == ["quote", "none", "odd"]
