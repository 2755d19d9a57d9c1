"""Chat completions are stored and found by their metadata in PostgreSQL as they are in SQLite, whatever the keys and texts are."""

from collections.abc import Iterator
from typing import Any

import pytest

from services.generation.answers.stored.completions import ChatCompletionStore, CompletionFilter, CompletionRequest
from services.generation.contracts.metadata_filter import MetadataFilter
from shared import records
from shared.contracts.paging import PageRequest
from shared.errors import NotFound
from shared.records.database import Database, migrate
from tests.migrated import open_migrated

ODD = {'quote"s': "1", "brackets[a]": "2", "größe & co": "ß=%", "\\back$.slash": "null", "empty": "", "0": "a"}
MESSAGES: list[dict[str, Any]] = [{"role": "user", "content": "How many arms? 🐙"}, {"role": "assistant", "content": None}]
FIRST_PAGE = PageRequest(10, "asc")


@pytest.fixture(params=["postgresql", "sqlite"])
def store(request: pytest.FixtureRequest) -> Iterator[ChatCompletionStore]:
    if request.param == "sqlite":
        database = open_migrated(request.getfixturevalue("tmp_path") / "jobs.db", records.MIGRATIONS)
    else:
        database = Database(request.getfixturevalue("postgres_url"))
        migrate(database, records.MIGRATIONS)
    yield ChatCompletionStore(database)
    database.close()


def add(store: ChatCompletionStore, id: str, metadata: dict[str, str], **fields: Any) -> str:
    body = {"id": id, "created": 1_700_000_000, "choices": [{"message": {"content": "Eight \0 \ud83d."}}], **fields}
    store.add("default", CompletionRequest(MESSAGES, {"model": "tiny", "temperature": 0.1}, metadata), body)
    return id


def find(store: ChatCompletionStore, model: str | None = None, **wanted: Any) -> list[str]:
    return [row.id for row in store.list_completions("default", FIRST_PAGE, CompletionFilter(model, MetadataFilter(**wanted))).rows]


def test_completions_are_found_by_metadata_in_both_databases(store: ChatCompletionStore) -> None:
    odd, none, quote = add(store, "c1", ODD), add(store, "c2", {}), add(store, "c3", {"a": "it's"})
    assert [find(store, entries={key: value}) for key, value in ODD.items()] == [[odd]] * len(ODD)
    assert find(store, entries=ODD) == [odd]
    assert find(store, entries={"a": "it's"}) == [quote]
    assert find(store, entries={"empty": "x"}) == find(store, entries={"other": ""}) == find(store, "other") == []
    assert find(store, is_null=True) == [none]
    assert find(store, "tiny") == find(store) == [odd, none, quote]


def test_metadata_is_replaced_and_removed_in_both_databases(store: ChatCompletionStore) -> None:
    id = add(store, "c1", ODD)
    assert store.update("default", id, {"a": "b"}).metadata_ == {"a": "b"}
    assert find(store, entries={"a": "b"}) == [id]
    removals: list[dict[str, str] | None] = [None, {}]
    for nothing in removals:
        assert store.update("default", id, nothing).metadata_ is None
        assert find(store, is_null=True) == [id]
    with pytest.raises(NotFound):
        store.update("other", id, {"a": "b"})


def test_a_completion_is_deleted_with_its_messages_in_both_databases(store: ChatCompletionStore) -> None:
    id = add(store, "c1", {})
    messages = store.list_messages("default", id, FIRST_PAGE).rows
    assert [(message.id, message.content) for message in messages] == [("c1-0", MESSAGES[0]), ("c1-1", MESSAGES[1])]
    assert store.find("default", id).body["choices"][0]["message"]["content"] == "Eight \0 \ud83d."
    with pytest.raises(NotFound):
        store.delete("other", id)
    store.delete("default", id)
    for call in (store.find, store.delete):
        with pytest.raises(NotFound):
            call("default", id)
    assert add(store, id, {}) == id
