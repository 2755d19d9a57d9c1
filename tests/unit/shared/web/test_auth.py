import pytest

from shared.errors import AuthenticationFailed
from shared.records.database import Database
from shared.web.auth import Caller, open_authenticator


def test_without_keys_everyone_is_the_default_project(database: Database) -> None:
    authenticator = open_authenticator(database, {}, None)
    assert authenticator.authenticate(None) == Caller("default", is_worker=True)
    assert authenticator.authenticate("Bearer whatever", "other") == Caller("default", is_worker=True)


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
