from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from services.generation.serving.adapters import Adapters, ServedAdapter
from services.generation.serving.engine import Engine
from services.generation.serving.models import Models
from services.generation.serving.replica import Replica
from shared.errors import InvalidRequest
from shared.records.database import Database
from shared.records.models.adapters import Adapter
from tests.fake_engine import FakeEngine
from tests.unit.generation.serving.records import MINE, open_database

pytestmark = pytest.mark.anyio


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path) as database:
        yield database


@pytest.fixture
def models(database: Database, engine_url: str) -> Models:
    return Models(database, {"tiny": [engine_url]})


@pytest.fixture
async def replica(engine_url: str) -> AsyncIterator[Replica]:
    client = Engine("The engine", engine_url, 5)
    yield Replica(client)
    await client.close()


async def serve(database: Database, models: Models, folder: Path) -> ServedAdapter:
    return ServedAdapter(Adapters(database, models, folder), await models.find_cached_adapter("default", MINE))


async def test_an_adapter_is_checked_once_at_a_replica(
    database: Database, models: Models, replica: Replica, engine: FakeEngine, tmp_path: Path
) -> None:
    engine.loadable = {MINE}
    served = await serve(database, models, tmp_path)
    for _ in range(3):
        await served.prepare(replica)
    assert engine.score_requests == 2


async def test_a_failed_check_is_stored_and_refuses_requests_until_the_check_succeeds(
    database: Database, models: Models, replica: Replica, engine: FakeEngine, tmp_path: Path
) -> None:
    engine.loadable = engine.without_effect = {MINE}
    served = await serve(database, models, tmp_path)
    with pytest.raises(InvalidRequest, match="is out of service") as raised:
        await served.prepare(replica)
    assert raised.value.code == "model_out_of_service"
    assert models.find("default", MINE).status == "out_of_service"

    engine.reset()
    engine.loadable = {MINE}
    await replica.check_health()  # the engine has lost the adapter, so its check is forgotten
    await (await serve(database, models, tmp_path)).check_in_service([replica])
    assert models.find("default", MINE).status == "in_service"


async def test_damaged_weights_are_found_before_the_engine_loads_them(
    database: Database, models: Models, replica: Replica, engine: FakeEngine, tmp_path: Path
) -> None:
    folder = tmp_path / MINE
    folder.mkdir()
    (folder / "adapter_model.safetensors").write_bytes(b"damaged")
    with database.session() as session:
        row = session.get_one(Adapter, MINE)
        row.manifest = {**row.manifest, "weights_sha256": "0" * 64}
    served = await serve(database, models, tmp_path)
    with pytest.raises(InvalidRequest, match="SHA-256"):
        await served.prepare(replica)
    assert engine.score_requests == 0


async def test_requests_that_use_an_adapter_are_counted(database: Database, models: Models, tmp_path: Path) -> None:
    served = await serve(database, models, tmp_path)
    for _ in range(2):
        served.acquire()
    served.release()
    assert served.adapters.is_in_use(MINE)
    served.release()
    assert not served.adapters.is_in_use(MINE)


async def test_an_adapter_trained_with_the_base_model_in_4_bits_is_compared_with_the_engines_base_model(
    database: Database, models: Models, replica: Replica, engine: FakeEngine, tmp_path: Path
) -> None:
    with database.session() as session:
        row = session.get_one(Adapter, MINE)
        row.manifest = {**row.manifest, "base_quantization": {"bnb_4bit_quant_type": "nf4"}}
    engine.loadable = {MINE}
    await (await serve(database, models, tmp_path)).prepare(replica)
    assert engine.score_requests == 4
