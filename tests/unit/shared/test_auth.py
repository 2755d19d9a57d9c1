from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from shared.errors import AuthenticationFailed
from shared.records.database import Database, migrate
from shared.records.projects import ApiKey
from shared.settings import CommonSettings, JobSettings
from shared.web.auth import Caller, open_authenticator


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'jobs.db'}")
    migrate(database, Path("shared/records/migrations"))
    yield database
    database.close()


def test_without_keys_everyone_is_the_default_project(database: Database) -> None:
    authenticator = open_authenticator(database, {}, None)
    assert authenticator.authenticate(None) == Caller("default")
    assert authenticator.authenticate("Bearer whatever", "other") == Caller("default")


def test_a_key_belongs_to_its_project_and_the_header_cannot_change_that(database: Database) -> None:
    authenticator = open_authenticator(database, {"alpha-key": "alpha", "beta-key1": "beta"}, "worker-key")
    assert authenticator.authenticate("Bearer alpha-key") == Caller("alpha")
    assert authenticator.authenticate("bearer beta-key1", "alpha") == Caller("beta")


def test_the_worker_key_acts_for_the_project_it_names_and_for_none_without(database: Database) -> None:
    authenticator = open_authenticator(database, {"alpha-key": "alpha"}, "worker-key")
    assert authenticator.authenticate("Bearer worker-key", "alpha") == Caller("alpha", is_worker=True)
    with pytest.raises(AuthenticationFailed):
        authenticator.authenticate("Bearer worker-key")


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic alpha-key", "Bearer wrong-key"])
def test_a_missing_or_wrong_key_is_refused(database: Database, header: str | None) -> None:
    authenticator = open_authenticator(database, {"alpha-key": "alpha"}, None)
    with pytest.raises(AuthenticationFailed) as caught:
        authenticator.authenticate(header)
    assert caught.value.status == 401


def test_keys_are_stored_hashed_and_a_removed_key_is_gone(database: Database) -> None:
    open_authenticator(database, {"alpha-key": "alpha", "old-key-1": "alpha"}, None)
    open_authenticator(database, {"alpha-key": "alpha"}, None)
    with database.session() as session:
        stored = [row.sha256 for row in session.scalars(select(ApiKey))]
    assert len(stored) == 1
    assert len(stored[0]) == 64
    assert "alpha-key" not in stored[0]


def test_wrong_key_settings_say_what_is_wanted() -> None:
    with pytest.raises(ValidationError, match="project:key"):
        CommonSettings(keys="no-colon")
    with pytest.raises(ValidationError, match="TANDEM_WORKER_KEY"):
        CommonSettings(keys="alpha:long-enough", worker_key=None)
    with pytest.raises(ValidationError, match="nobody else's"):
        CommonSettings(keys="alpha:long-enough", worker_key="long-enough")
    with pytest.raises(ValidationError, match="names a key twice"):
        CommonSettings(keys="alpha:long-enough,beta:long-enough", worker_key="worker-key")
    with pytest.raises(ValidationError, match="project:key"):
        CommonSettings(keys=",", worker_key="worker-key")


def test_a_project_or_base_model_that_could_not_be_part_of_a_models_name_is_refused() -> None:
    with pytest.raises(ValidationError, match="64 letters"):
        CommonSettings(keys="a/b:long-enough", worker_key="worker-key")
    with pytest.raises(ValidationError, match="TANDEM_BASE_NAME"):
        JobSettings(base_name="Org/Model")
