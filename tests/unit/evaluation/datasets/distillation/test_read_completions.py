from typing import Any

import pytest

from services.evaluation.datasets.distillation import read_completions
from services.evaluation.datasets.distillation.read_completions import CompletionReader
from shared.contracts.datasets import StoredAnswers
from shared.records.chat_completions import ChatCompletionMessage, StoredChatCompletion
from shared.records.database import Database


@pytest.fixture(autouse=True)
def small_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_completions, "WINDOW", 3)
    monkeypatch.setattr(read_completions, "LISTED_KEYS", 7)


def store(database: Database, id: str, created_at: int, **fields: Any) -> None:
    row = {"project_id": "default", "model": "tiny", "request": {}, "body": {"id": id}, "metadata_": {}, **fields}
    with database.session() as session:
        session.add(StoredChatCompletion(id=id, created_at=created_at, **row))
        session.flush()
        for number in (1, 0):
            session.add(ChatCompletionMessage(completion_id=id, number=number, id=f"{id}-{number}", content={"content": f"{id}-{number}"}))


def find(database: Database, project: str = "default", **chosen: Any) -> list[str]:
    reader = CompletionReader(database, project, StoredAnswers(**chosen))
    found = [chat for window in reader.read() for chat in window.turns]
    assert reader.count() == len(found) == sum(window.scanned for window in reader.read())
    assert all([message["content"] for message in chat.messages] == [f"{chat.id}-0", f"{chat.id}-1"] for chat in found)
    return [chat.id for chat in found]


def test_all_are_read_once_newest_first_whatever_the_windows_are(database: Database) -> None:
    for number in range(20):
        store(database, f"c{number:02}", created_at=number // 4)
    expected = sorted((f"c{number:02}" for number in range(20)), key=lambda name: (int(name[1:]) // 4, name), reverse=True)
    assert find(database) == expected
    assert find(database, created_after=1, created_before=2) == expected[8:16]


def test_only_those_that_match_are_read(database: Database) -> None:
    store(database, "marked", 1, metadata_={"task": "a", 'odd "key': "1"})
    store(database, "other", 2, model="big", metadata_={"task": "b"})
    store(database, "foreign", 3, project_id="blue")
    assert find(database) == ["other", "marked"]
    assert find(database, metadata={"task": "a", 'odd "key': "1"}) == ["marked"]
    assert find(database, model="big") == ["other"]
    assert find(database, model="big", metadata={"task": "a"}) == []
    assert find(database, "blue") == ["foreign"]
    assert find(database, "red") == []
