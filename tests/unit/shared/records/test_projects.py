from sqlalchemy import select

from shared.records.database import Database
from shared.records.projects import ApiKey, Project, hash_key, sync_keys


def test_keys_are_stored_hashed_and_a_key_that_is_no_longer_set_is_deleted(database: Database) -> None:
    sync_keys(database, {"alpha-key": "alpha", "old-key-1": "alpha"})
    assert sync_keys(database, {"alpha-key": "alpha"}) == {hash_key("alpha-key"): "alpha"}
    with database.session() as session:
        stored = [row.sha256 for row in session.scalars(select(ApiKey))]
    assert len(stored) == 1
    assert len(stored[0]) == 64
    assert "alpha-key" not in stored[0]


def test_a_key_can_move_to_another_project(database: Database) -> None:
    sync_keys(database, {"a-key": "alpha"})
    assert sync_keys(database, {"a-key": "beta"}) == {hash_key("a-key"): "beta"}


def test_the_default_project_always_exists(database: Database) -> None:
    sync_keys(database, {})
    sync_keys(database, {})
    with database.session() as session:
        assert list(session.scalars(select(Project.id))) == ["default"]
