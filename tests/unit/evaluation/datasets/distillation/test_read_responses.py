from typing import Any

import pytest

from services.evaluation.datasets.distillation import read_responses
from services.evaluation.datasets.distillation.read_responses import ResponseReader
from shared.contracts.datasets import StoredAnswers
from shared.records.database import Database
from shared.records.responses import StoredResponse


@pytest.fixture(autouse=True)
def small_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_responses, "WINDOW", 3)
    monkeypatch.setattr(read_responses, "LISTED_KEYS", 7)


def store(database: Database, id: str, created_at: int, project: str = "default", **body: Any) -> None:
    row = {"id": id, "project_id": project, "created_at": created_at, "input": [], "body": {"output": [], "metadata": {}, **body}}
    with database.session() as session:
        session.add(StoredResponse(**row))


def read(database: Database, project: str = "default", **chosen: Any) -> list[str]:
    reader = ResponseReader(database, project, StoredAnswers(**chosen))
    windows = list(reader.read())
    assert sum(window.scanned for window in windows) == reader.count()
    return [turn.id for window in windows for turn in window.turns]


def test_responses_are_read_newest_first_even_within_a_second(database: Database) -> None:
    for number in range(10):
        store(database, f"resp_{number}", 100 + number // 4)
    assert read(database) == [f"resp_{number}" for number in reversed(range(10))]


def test_a_filter_is_about_time_model_and_all_metadata(database: Database) -> None:
    store(database, "a", 1, model="big", metadata={"task": "triage", "team": "x"})
    store(database, "b", 2, model="big", metadata={"task": "triage", "team": "y"})
    store(database, "c", 3, model="small", metadata={"task": "triage"})
    store(database, "d", 4, model="big")
    assert read(database, metadata={"task": "triage"}) == ["c", "b", "a"]
    assert read(database, metadata={"task": "triage", "team": "y"}) == ["b"]
    assert read(database, model="big") == ["d", "b", "a"]
    assert read(database, created_after=2, created_before=3) == ["c", "b"]
    assert read(database, model="big", metadata={"task": "triage"}, created_after=2) == ["b"]
    assert read(database, metadata={"task": "other"}) == []


def test_projects_are_kept_apart_also_for_earlier_turns(database: Database) -> None:
    store(database, "mine", 1)
    store(database, "theirs", 1, project="other")
    assert read(database) == ["mine"]
    reader = ResponseReader(database, "default", StoredAnswers())
    assert reader.find("theirs") is None
    assert reader.find("gone") is None
    assert (found := reader.find("mine")) is not None
    assert found.body["output"] == []


def test_without_responses_there_is_nothing_to_read(database: Database) -> None:
    assert read(database) == []
