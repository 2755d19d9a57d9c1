from collections.abc import Iterator
from pathlib import Path

import pytest

from services.generation.serving.models import Models
from shared.errors import InvalidRequest, NotFound
from shared.records.database import Database
from shared.records.models.adapters import Adapter
from tests.unit.generation.serving.records import MINE, OF_ANOTHER_BASE, THEIRS, open_database

URL = "http://engine"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path) as database:
        yield database


@pytest.fixture
def models(database: Database) -> Models:
    return Models(database, {"tiny": [URL]})


def store_faults(database: Database, **faults: str) -> None:
    with database.session() as session:
        session.get_one(Adapter, MINE).faults = {url.replace("_", "://"): reason for url, reason in faults.items()}


def test_an_adapter_is_found_in_its_own_project_only(models: Models) -> None:
    assert models.find_adapter("default", MINE).base == "tiny"
    for name in (THEIRS, OF_ANOTHER_BASE, "a/../b", "other"):
        with pytest.raises(NotFound) as raised:
            models.find_adapter("default", name)
        assert raised.value.code == "model_not_found"


def test_a_base_model_cannot_be_deleted(models: Models) -> None:
    assert models.find_deletable("default", MINE).name == MINE
    with pytest.raises(InvalidRequest) as raised:
        models.find_deletable("default", "tiny")
    assert raised.value.code == "model_not_deletable"


def test_only_faults_at_configured_engines_count(models: Models, database: Database) -> None:
    store_faults(database, http_gone="broken")
    assert models.find("default", MINE).status == "in_service"
    store_faults(database, http_engine="broken")
    model = models.find("default", MINE)
    assert (model.status, model.reason) == ("out_of_service", "at http://engine, broken")


@pytest.mark.anyio
async def test_a_cached_adapter_is_read_again_after_it_was_evicted(models: Models, database: Database) -> None:
    await models.find_cached_adapter("default", MINE)
    store_faults(database, http_engine="broken")
    assert (await models.find_cached_adapter("default", MINE)).faults is None
    models.evict("default", MINE)
    assert (await models.find_cached_adapter("default", MINE)).faults == {URL: "broken"}


@pytest.mark.anyio
async def test_the_cache_is_kept_per_project(models: Models) -> None:
    await models.find_cached_adapter("default", MINE)
    with pytest.raises(NotFound):
        await models.find_cached_adapter("blue", MINE)
