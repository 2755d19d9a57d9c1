from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select

from services.generation.serving.adapter_deletion import AdapterDeletion
from services.generation.serving.adapters import Adapters
from services.generation.serving.fleet import Fleet
from services.generation.serving.models import Models
from shared.errors import Conflict, NotFound
from shared.records import jobs
from shared.records.database import Database
from shared.records.models.adapters import Adapter
from tests.fake_engine import FakeEngine
from tests.unit.generation.serving.pools import open_pool, until
from tests.unit.generation.serving.records import MINE, open_database

pytestmark = pytest.mark.anyio


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path) as database:
        (tmp_path / MINE).mkdir()
        yield database


def exists(database: Database) -> bool:
    with database.session() as session:
        return session.get(Adapter, MINE) is not None


async def test_a_deleted_adapter_is_unloaded_and_its_files_and_its_row_are_deleted(
    database: Database, engine: FakeEngine, engine_url: str, tmp_path: Path
) -> None:
    engine.adapters = {MINE}
    async with open_pool([engine_url]) as pool:
        models, fleet = Models(database, {"tiny": [engine_url]}), Fleet([pool])
        adapters = Adapters(database, models, tmp_path)
        await AdapterDeletion(database, models, fleet, adapters, tmp_path).delete("default", MINE)
    assert (engine.adapters, exists(database), (tmp_path / MINE).exists()) == (set(), False, False)


async def test_files_that_a_request_uses_are_deleted_by_a_later_sweep(
    database: Database, engine: FakeEngine, engine_url: str, tmp_path: Path
) -> None:
    async with open_pool([engine_url]) as pool:
        models = Models(database, {"tiny": [engine_url]})
        adapters = Adapters(database, models, tmp_path)
        deletion = AdapterDeletion(database, models, Fleet([pool]), adapters, tmp_path)
        adapters.acquire(MINE)
        await deletion.delete("default", MINE)
        with pytest.raises(NotFound):
            models.find_adapter("default", MINE)
        assert (tmp_path / MINE).exists()
        adapters.release(MINE)
        async with deletion.sweep(0.01):
            await until(lambda: not exists(database))
    assert not (tmp_path / MINE).exists()


async def test_an_adapter_that_an_unfinished_job_uses_is_not_deleted(database: Database, dead_url: str, tmp_path: Path) -> None:
    with database.session() as session:
        jobs.submit(session, jobs.COMPARISON, "default", {"model": MINE}, None)
    async with open_pool([dead_url]) as pool:
        models = Models(database, {"tiny": [dead_url]})
        deletion = AdapterDeletion(database, models, Fleet([pool]), Adapters(database, models, tmp_path), tmp_path)
        with pytest.raises(Conflict) as raised:
            await deletion.delete("default", MINE)
        assert raised.value.message.endswith("whose status is 'queued'. Wait until it ends, or cancel it.")
        with database.session() as session:
            session.scalars(select(jobs.Job)).one().status = "paused"
        with pytest.raises(Conflict, match=r"whose status is 'paused'\. Resume or cancel it."):
            await deletion.delete("default", MINE)
    assert raised.value.code == "model_in_use"
    assert (tmp_path / MINE).exists()


async def test_a_result_is_not_deleted_while_a_job_uses_one_of_its_checkpoints(database: Database, dead_url: str, tmp_path: Path) -> None:
    checkpoint = f"{MINE}:ckpt-step-9"
    with database.session() as session:
        fields = {"base": "tiny", "job_id": "ftjob-1", "manifest": {}, "created_at": 7, "step": 9, "checkpoint_id": "ftckpt_9"}
        session.add(Adapter(name=checkpoint, project_id="default", **fields))
        jobs.submit(session, jobs.COMPARISON, "default", {"arms": [{"model": checkpoint}]}, None)
    async with open_pool([dead_url]) as pool:
        models = Models(database, {"tiny": [dead_url]})
        deletion = AdapterDeletion(database, models, Fleet([pool]), Adapters(database, models, tmp_path), tmp_path)
        with pytest.raises(Conflict, match=f"The model '{checkpoint}' is used by 'cmp_"):
            await deletion.delete("default", MINE)
    assert models.find_adapter("default", MINE).name == MINE


async def test_a_job_that_is_stored_when_the_deletion_begins_keeps_the_adapter(database: Database, dead_url: str, tmp_path: Path) -> None:
    stored: list[jobs.Job] = []

    def store_before_the_lock(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("UPDATE adapters") and not stored:
            with database.session() as session:
                stored.append(jobs.submit(session, jobs.FINE_TUNING, "default", {"model": MINE}, None))

    event.listen(database.engine, "before_cursor_execute", store_before_the_lock)
    async with open_pool([dead_url]) as pool:
        models = Models(database, {"tiny": [dead_url]})
        deletion = AdapterDeletion(database, models, Fleet([pool]), Adapters(database, models, tmp_path), tmp_path)
        with pytest.raises(Conflict, match="is used by 'ftjob-"):
            await deletion.delete("default", MINE)
    assert (len(stored), models.find_adapter("default", MINE).name) == (1, MINE)
