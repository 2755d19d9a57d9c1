from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.generation.contracts.responses.response import ResponseCreate
from services.generation.responses import store as store_module
from services.generation.responses.items import RESULTS, parse_items
from services.generation.responses.store import ResponseStore, describe
from services.generation.responses.writer import new_response
from shared.errors import InvalidRequest, NotFound
from shared.records import MIGRATIONS
from shared.web.auth import open_authenticator
from tests.migrated import open_migrated


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ResponseStore]:
    database = open_migrated(tmp_path / "jobs.db", MIGRATIONS)
    open_authenticator(database, {}, None)
    yield ResponseStore(database)
    database.close()


def add(store: ResponseStore, text: str, previous: str | None = None, **fields: Any) -> str:
    request = ResponseCreate(model="tiny", input=text, previous_response_id=previous)
    response = new_response(request).model_copy(update={"status": "completed", **fields})
    store.add("default", response, parse_items(text))
    return response.id


def test_a_turn_has_the_items_of_all_turns_before_it(store: ResponseStore) -> None:
    answer = {"type": "message", "id": "msg_1", "role": "assistant", "content": []}
    first = add(store, "one", output=[answer])
    second = add(store, "two", first)
    turn = store.read_turn("default", ResponseCreate(model="tiny", input="three", previous_response_id=second))
    texts = [item["content"][0]["text"] if item["content"] else item["id"] for item in (*turn.history, *turn.items)]
    assert texts == ["one", "msg_1", "two", "three"]


def test_a_response_is_found_only_in_its_project(store: ResponseStore) -> None:
    id = add(store, "one")
    assert store.find("default", id).id == id
    with pytest.raises(NotFound):
        store.find("other", id)
    with pytest.raises(InvalidRequest, match="not found"):
        store.read_history("other", id)


def test_a_deleted_response_ends_the_conversation(store: ResponseStore) -> None:
    first = add(store, "one")
    second = add(store, "two", first)
    store.delete("default", first)
    with pytest.raises(InvalidRequest, match=first):
        store.read_history("default", second)


def test_the_number_of_turns_is_limited(store: ResponseStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "MAX_TURNS", 1)
    with pytest.raises(InvalidRequest, match="more than 1 turns"):
        store.read_history("default", add(store, "two", add(store, "one")))


def test_a_description_has_search_results_only_if_include_names_them(store: ResponseStore) -> None:
    search = {"type": "file_search_call", "id": "fs_1", "queries": ["a"], "results": [{"text": "b"}]}
    stored = store.find("default", add(store, "one", output=[search]))
    assert describe(stored, [])["output"][0]["results"] is None
    assert describe(stored, [RESULTS])["output"][0]["results"] == [{"text": "b"}]
