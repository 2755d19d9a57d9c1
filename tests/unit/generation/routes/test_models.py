from pathlib import Path

import pytest
from openai import NotFoundError, OpenAI

from shared.adapters import Adapter
from shared.database import Database
from tests.fakes import FakeEngine
from tests.unit.generation.conftest import FrontDoor

MINE = "ft:tiny:default:style:abcdefgh1234"
THEIRS = "ft:tiny:blue::abcdefgh5678"
OF_ANOTHER_BASE = "ft:huge:default::abcdefgh9999"


@pytest.fixture
def adapters(database: Database) -> None:
    with database.session() as session:
        for name, project, base in ((MINE, "default", "tiny"), (THEIRS, "blue", "tiny"), (OF_ANOTHER_BASE, "default", "huge")):
            session.add(Adapter(name=name, project_id=project, base=base, job_id="ftjob-1", manifest={}, created_at=7))


def test_the_base_model_and_the_projects_adapters_are_listed(sdk: OpenAI, adapters: None) -> None:
    base, mine = list(sdk.models.list())
    assert (base.id, base.object, base.owned_by) == ("tiny", "model", "tandem")
    assert (mine.id, mine.created, mine.owned_by) == (MINE, 7, "default")
    assert (mine.model_extra or {})["parent"] == "tiny"
    assert (mine.model_extra or {})["job"] == "ftjob-1"


def test_a_model_is_described_by_its_name(sdk: OpenAI, adapters: None) -> None:
    assert sdk.models.retrieve("tiny") == next(iter(sdk.models.list()))
    assert sdk.models.retrieve(MINE).id == MINE


@pytest.mark.parametrize("name", [THEIRS, OF_ANOTHER_BASE, "ft:tiny:default::nothere123", "a/b", "other"])
def test_what_the_project_cannot_use_does_not_exist(sdk: OpenAI, engine: FakeEngine, adapters: None, name: str) -> None:
    engine.adapters = {THEIRS, OF_ANOTHER_BASE}
    for call in (
        lambda: sdk.models.retrieve(name),
        lambda: sdk.chat.completions.create(model=name, messages=[{"role": "user", "content": "Hi"}]),
    ):
        with pytest.raises(NotFoundError) as raised:
            call()
        assert raised.value.code == "model_not_found"
    assert engine.bodies == []


def test_an_adapter_of_the_project_is_asked_by_its_name(sdk: OpenAI, engine: FakeEngine, adapters: None) -> None:
    engine.adapters = {MINE}
    reply = sdk.chat.completions.create(model=MINE, messages=[{"role": "user", "content": "Hi"}])
    assert reply.model == MINE


def test_an_adapter_the_engine_cannot_find_is_the_engines_404(sdk: OpenAI, adapters: None) -> None:
    with pytest.raises(NotFoundError, match="does not exist"):
        sdk.chat.completions.create(model=MINE, messages=[{"role": "user", "content": "Hi"}])


def test_the_base_models_date_survives_a_restart(open_front_door: FrontDoor, tmp_path: Path) -> None:
    dates = []
    for _ in range(2):
        with open_front_door(data=tmp_path) as url, OpenAI(base_url=f"{url}/v1", api_key="none") as sdk:
            dates.append(sdk.models.retrieve("tiny").created)
    assert dates[0] == dates[1] > 1_700_000_000
