import pytest
from sqlalchemy import delete, select

from shared.contracts.paging import PageRequest
from shared.errors import InvalidRequest
from shared.records.database import Database
from shared.records.models.adapters import Adapter
from shared.records.models.permissions import ModelPermission, find_usable, grant, list_permissions, list_usable, revoke

MODEL, OTHER = "ft:tiny:red:a:abcdefgh1234", "ft:tiny:red:b:abcdefgh5678"


@pytest.fixture(autouse=True)
def adapters(database: Database) -> None:
    with database.session() as session:
        for created, name in enumerate((OTHER, MODEL)):
            session.add(Adapter(name=name, project_id="red", base="tiny", job_id="ftjob-1", manifest={}, created_at=created))


def share(database: Database, *projects: str, owner: str = "red", name: str = MODEL) -> list[str] | None:
    with database.session() as session:
        permissions = grant(session, owner, name, projects)
        return None if permissions is None else [row.id for row in permissions]


def usable(database: Database, project: str) -> list[str]:
    with database.session() as session:
        listed = [row.name for row in list_usable(session, project)]
        assert [name for name in (OTHER, MODEL) if find_usable(session, project, name)] == listed
        return listed


def test_an_owner_may_use_its_models_and_another_project_only_what_it_was_granted(database: Database) -> None:
    assert (usable(database, "red"), usable(database, "blue")) == ([OTHER, MODEL], [])
    share(database, "blue", "green")
    assert (usable(database, "red"), usable(database, "blue"), usable(database, "green")) == ([OTHER, MODEL], [MODEL], [MODEL])
    assert usable(database, "") == usable(database, "%") == usable(database, "RED") == []


@pytest.mark.parametrize(("owner", "name"), [("blue", MODEL), ("red", "ft:tiny:red:a:nothere12345")])
def test_only_the_owner_of_a_model_that_exists_can_grant_it(database: Database, owner: str, name: str) -> None:
    assert share(database, "green", owner=owner, name=name) is None
    with database.session() as session:
        assert session.scalars(select(ModelPermission)).all() == []


def test_a_model_that_is_being_deleted_can_be_neither_used_nor_granted(database: Database) -> None:
    share(database, "blue")
    with database.session() as session:
        session.get_one(Adapter, MODEL).deleted_at = 5
    assert usable(database, "blue") == []
    assert share(database, "green") is None


def test_the_permissions_for_a_model_are_deleted_with_its_row(database: Database) -> None:
    share(database, "blue", "green")
    (kept,) = share(database, "blue", name=OTHER) or []
    with database.session() as session:
        session.execute(delete(Adapter).where(Adapter.name == MODEL))
    with database.session() as session:
        assert [row.id for row in session.scalars(select(ModelPermission))] == [kept]


def test_a_permission_that_exists_is_kept_and_answered_in_the_order_of_the_request(database: Database) -> None:
    (blue,) = share(database, "blue") or []
    green, again = share(database, "green", "blue") or []
    assert (again, green == blue) == (blue, False)


def test_a_permission_is_revoked_once_under_its_own_model(database: Database) -> None:
    (blue,) = share(database, "blue") or []
    with database.session() as session:
        assert [revoke(session, name, blue) for name in (OTHER, MODEL, MODEL)] == [False, True, False]
    assert usable(database, "blue") == []


def test_permissions_are_listed_for_one_model_and_if_wanted_one_project(database: Database) -> None:
    share(database, "blue", "green")
    (other,) = share(database, "blue", name=OTHER) or []

    def projects(page: PageRequest, project: str | None = None) -> set[str]:
        with database.session() as session:
            return {row.project_id for row in list_permissions(session, MODEL, project, page).rows}

    assert projects(PageRequest(10)) == {"blue", "green"}
    assert (projects(PageRequest(10), "green"), projects(PageRequest(10), "pink")) == ({"green"}, set())
    with pytest.raises(InvalidRequest, match="not in this list"):
        projects(PageRequest(10, after=other))


def test_permissions_of_the_same_second_are_listed_newest_first(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.records.models.permissions.time.time", lambda: 7.0)
    granted = [id for projects in (("p1", "p2", "p3"), ("p4",), ("p2", "p5", "p6")) for id in share(database, *projects) or []]
    with database.session() as session:
        listed = [row.id for row in list_permissions(session, MODEL, None, PageRequest(20)).rows]
    assert listed == list(dict.fromkeys(granted))[::-1]
