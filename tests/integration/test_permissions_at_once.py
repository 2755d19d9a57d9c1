"""Permissions for models in PostgreSQL as in SQLite: granted, revoked and deleted at the same moment."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from services.generation.serving.models import Models
from services.generation.serving.permissions import Permissions
from shared import records
from shared.contracts.paging import PageRequest
from shared.errors import NotFound
from shared.records.database import Database, migrate
from shared.records.models.adapters import Adapter
from shared.records.models.permissions import ModelPermission
from shared.web.auth import open_authenticator
from tests.migrated import open_migrated

MODEL = "ft:tiny:red:style:abcdefgh1234"
CALLERS = 8
ROUNDS = 5


@pytest.fixture(params=["postgresql", "sqlite"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    if request.param == "sqlite":
        database = open_migrated(request.getfixturevalue("tmp_path") / "jobs.db", records.MIGRATIONS)
    else:
        database = Database(request.getfixturevalue("postgres_url"))
        migrate(database, records.MIGRATIONS)
    open_authenticator(database, {f"{name}-key": name for name in ("red", "blue", "grün 'x'")}, None)
    with database.session() as session:
        session.add(Adapter(name=MODEL, project_id="red", base="tiny", job_id="ftjob-1", manifest={}, created_at=1))
    yield database
    database.close()


@pytest.fixture
def models(database: Database) -> Models:
    return Models(database, {"tiny": ["http://engine"]})


@pytest.fixture
def permissions(database: Database, models: Models) -> Permissions:
    return Permissions(database, models)


def test_a_model_is_shared_and_taken_back(permissions: Permissions, models: Models) -> None:
    created = permissions.create("red", MODEL, ["blue", "grün 'x'"]).data
    assert [each.project_id for each in created] == ["blue", "grün 'x'"]
    assert models.find("grün 'x'", MODEL).owned_by == "red"
    assert [model.id for model in models.list_models("blue")] == ["tiny", MODEL]
    first = permissions.list_permissions("red", MODEL, None, PageRequest(1, "asc"))
    assert (len(first.data), first.has_more) == (1, True)
    second = permissions.list_permissions("red", MODEL, None, PageRequest(1, "asc", after=first.last_id))
    assert {first.data[0].project_id, second.data[0].project_id} == {"blue", "grün 'x'"}
    permissions.delete("red", MODEL, created[0].id)
    with pytest.raises(NotFound):
        models.find("blue", MODEL)


def test_grants_at_the_same_moment_are_one_and_one_of_eight_deletions_finds_it(permissions: Permissions, database: Database) -> None:
    def delete(id: str) -> bool:
        try:
            permissions.delete("red", MODEL, id)
        except NotFound:
            return False
        return True

    with ThreadPoolExecutor(CALLERS) as threads:
        for _ in range(ROUNDS):
            pages = threads.map(lambda _: permissions.create("red", MODEL, ["blue"]), range(CALLERS))
            (id,) = {page.data[0].id for page in pages}
            assert sum(threads.map(delete, [id] * CALLERS)) == 1
    with database.session() as session:
        assert session.scalar(select(func.count()).select_from(ModelPermission)) == 0


def test_a_model_that_is_deleted_while_it_is_shared_leaves_no_permission(permissions: Permissions, database: Database) -> None:
    def share() -> str:
        try:
            return permissions.create("red", MODEL, ["blue"]).data[0].project_id
        except NotFound as error:
            return str(error.code)

    def delete() -> str:
        with database.session() as session:
            session.delete(session.get_one(Adapter, MODEL))
        return "deleted"

    with ThreadPoolExecutor(CALLERS) as threads:
        calls = [threads.submit(share), threads.submit(share), threads.submit(delete), *(threads.submit(share) for _ in range(4))]
        results = {call.result(60) for call in calls}
    assert results <= {"blue", "deleted", "model_not_found"}
    assert share() == "model_not_found"
    with database.session() as session:
        assert session.scalar(select(func.count()).select_from(ModelPermission)) == 0
