from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from openai import APIStatusError, BadRequestError, ConflictError, NotFoundError, OpenAI

from shared.records import jobs
from shared.records.database import Database
from shared.records.models.adapters import Adapter, Evidence, hash_weights
from shared.settings import JobSettings
from tests.fake_engine import FakeEngine
from tests.ports import free_port
from tests.serving import DEADLINE, serving, wait_until
from tests.unit.generation.conftest import FrontDoor

MINE = "ft:tiny:default:style:abcdefgh1234"
THEIRS = "ft:tiny:blue::abcdefgh5678"
OF_ANOTHER_BASE = "ft:huge:default::abcdefgh9999"


SEEN = Evidence([{"role": "user", "content": "one"}], list(range(8)), [6, 7], base=-2.1, adapter=-0.4)


@pytest.fixture
def adapters(database: Database) -> None:
    with database.session() as session:
        for name, project, base in ((MINE, "default", "tiny"), (THEIRS, "blue", "tiny"), (OF_ANOTHER_BASE, "default", "huge")):
            session.add(Adapter(name=name, project_id=project, base=base, job_id="ftjob-1", manifest={}, created_at=7, step=24))


def test_base_models_and_the_projects_adapters_are_listed(sdk: OpenAI, adapters: None) -> None:
    base, mine = list(sdk.models.list())
    assert (base.id, base.object, base.owned_by) == ("tiny", "model", "tandem")
    assert (mine.id, mine.created, mine.owned_by) == (MINE, 7, "default")
    assert mine.model_extra == {
        "parent": "tiny", "base": "tiny", "job": "ftjob-1", "checkpoint": 24, "status": "in_service", "reason": None,
    }  # fmt: skip


def test_a_model_is_retrieved_by_its_name(sdk: OpenAI, adapters: None) -> None:
    assert sdk.models.retrieve("tiny") == next(iter(sdk.models.list()))
    assert sdk.models.retrieve(MINE).id == MINE


@pytest.mark.parametrize("name", [THEIRS, OF_ANOTHER_BASE, "ft:tiny:default::nothere123", "a/b", "other"])
def test_a_model_of_another_project_or_base_does_not_exist(sdk: OpenAI, engine: FakeEngine, adapters: None, name: str) -> None:
    engine.adapters = {THEIRS, OF_ANOTHER_BASE}
    for call in (
        lambda: sdk.models.retrieve(name),
        lambda: sdk.chat.completions.create(model=name, messages=[{"role": "user", "content": "Hi"}]),
    ):
        with pytest.raises(NotFoundError) as raised:
            call()
        assert raised.value.code == "model_not_found"
    assert engine.bodies == []


def test_an_adapter_of_the_project_is_called_by_its_name(sdk: OpenAI, engine: FakeEngine, adapters: None) -> None:
    engine.adapters = {MINE}
    reply = sdk.chat.completions.create(model=MINE, messages=[{"role": "user", "content": "Hi"}])
    assert reply.model == MINE


def test_an_adapter_that_the_engine_does_not_find_is_a_404(sdk: OpenAI, adapters: None) -> None:
    with pytest.raises(NotFoundError, match="does not exist"):
        sdk.chat.completions.create(model=MINE, messages=[{"role": "user", "content": "Hi"}])


def test_the_creation_time_of_the_base_model_survives_a_restart(open_front_door: FrontDoor, tmp_path: Path) -> None:
    dates = []
    for _ in range(2):
        with open_front_door(data=tmp_path) as url, OpenAI(base_url=f"{url}/v1", api_key="none") as sdk:
            dates.append(sdk.models.retrieve("tiny").created)
    assert dates[0] == dates[1] > 1_700_000_000


def ask(sdk: OpenAI, name: str = MINE, **fields: Any) -> Any:
    return sdk.chat.completions.create(model=name, messages=[{"role": "user", "content": "Hi"}], **fields)


@pytest.fixture
def trained(database: Database, data: Path) -> Path:
    """An adapter with what its trainer saw; its folder."""
    return publish(database, data)


def publish(database: Database, data: Path, name: str = MINE) -> Path:
    folder = JobSettings(data=data).adapters_dir / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "adapter_model.safetensors").write_bytes(b"weights")
    manifest = {"evidence": asdict(SEEN)}
    with database.session() as session:
        session.add(Adapter(name=name, project_id="default", base="tiny", job_id="ftjob-1", manifest=manifest, created_at=7))
    return folder


class RestartableEngine:
    """An engine that can be restarted without its adapters, and a front door of its own."""

    def __init__(self, stack: ExitStack, open_front_door: FrontDoor, data: Path) -> None:
        self.engine = FakeEngine()
        self.port = free_port()
        self.running = stack.enter_context(ExitStack())
        self.running.enter_context(serving(self.engine.app(), self.port))
        url = stack.enter_context(open_front_door(data=data, engine_url=f"http://127.0.0.1:{self.port}", engine_check_seconds=0.02))
        self.sdk = stack.enter_context(OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0, timeout=20))
        self.database = Database(JobSettings(data=data).jobs_url)
        stack.callback(self.database.close)

    def stop(self) -> None:
        self.running.close()
        self.engine.reset()

    def start(self) -> None:
        self.running.enter_context(serving(self.engine.app(), self.port))


@pytest.fixture
def restartable(open_front_door: FrontDoor, tmp_path: Path) -> Iterator[RestartableEngine]:
    with ExitStack() as stack:
        restartable = RestartableEngine(stack, open_front_door, tmp_path)
        publish(restartable.database, tmp_path)
        yield restartable


def test_concurrent_calls_load_and_check_an_adapter_once(restartable: RestartableEngine) -> None:
    restartable.engine.loadable = {MINE}
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: ask(restartable.sdk), range(16)))
    assert {reply.model for reply in replies} == {MINE}
    assert restartable.engine.loaded == [MINE]
    assert restartable.engine.score_requests == 2


def test_an_adapter_that_answers_with_the_bases_weights_is_out_of_service(restartable: RestartableEngine) -> None:
    restartable.engine.loadable = restartable.engine.without_effect = {MINE}
    for _ in range(2):
        with pytest.raises(BadRequestError, match="does not use its weights") as raised:
            ask(restartable.sdk)
        assert (raised.value.code, raised.value.param) == ("model_out_of_service", "model")
    assert restartable.engine.bodies == []
    shown = restartable.sdk.models.retrieve(MINE).model_extra or {}
    assert shown["status"] == "out_of_service"
    assert "does not use its weights" in shown["reason"]
    assert ask(restartable.sdk, "tiny").model == "tiny"


def test_a_broken_adapter_is_one_clear_error_and_its_base_still_answers(restartable: RestartableEngine) -> None:
    restartable.engine.broken = {MINE}
    for _ in range(2):
        with pytest.raises(BadRequestError, match="cannot load it: Error while deserializing header") as raised:
            ask(restartable.sdk)
        assert raised.value.code == "model_out_of_service"
    assert ask(restartable.sdk, "tiny").model == "tiny"


def test_an_adapter_is_loaded_and_checked_again_after_a_restart_of_the_engine(restartable: RestartableEngine) -> None:
    restartable.engine.loadable = {MINE}
    assert ask(restartable.sdk).model == MINE
    restartable.stop()
    with pytest.raises(APIStatusError) as raised:
        ask(restartable.sdk)
    assert raised.value.status_code == 503
    restartable.engine.loadable = {MINE}
    restartable.start()
    assert ask(restartable.sdk).model == MINE
    assert (restartable.engine.loaded, restartable.engine.score_requests) == ([MINE], 2)


def test_a_fault_at_an_engine_that_is_no_longer_configured_does_not_count(restartable: RestartableEngine) -> None:
    restartable.engine.loadable = {MINE}
    with restartable.database.session() as session:
        session.get_one(Adapter, MINE).faults = {"http://gone:8002": "it was wrong there"}
    assert ask(restartable.sdk).model == MINE
    assert (restartable.sdk.models.retrieve(MINE).model_extra or {})["status"] == "in_service"


def test_a_fault_holds_until_a_restarted_engine_passes_the_check(restartable: RestartableEngine) -> None:
    restartable.engine.loadable = restartable.engine.without_effect = {MINE}
    with pytest.raises(BadRequestError, match="out of service"):
        ask(restartable.sdk)
    restartable.engine.without_effect = set()
    with pytest.raises(BadRequestError, match="out of service"):
        ask(restartable.sdk)
    restartable.stop()
    with pytest.raises(APIStatusError):
        ask(restartable.sdk, "tiny")
    restartable.engine.loadable = {MINE}
    restartable.start()
    assert ask(restartable.sdk).model == MINE
    assert (restartable.sdk.models.retrieve(MINE).model_extra or {})["status"] == "in_service"


def test_a_deleted_adapter_is_gone_from_list_engine_and_disk(sdk: OpenAI, engine: FakeEngine, trained: Path, database: Database) -> None:
    engine.loadable = {MINE}
    assert ask(sdk).model == MINE
    deleted = sdk.models.delete(MINE)
    assert (deleted.id, deleted.object, deleted.deleted) == (MINE, "model", True)
    assert engine.adapters == set()
    assert list(trained.parent.iterdir()) == []
    assert [model.id for model in sdk.models.list()] == ["tiny"]
    with pytest.raises(NotFoundError):
        ask(sdk)
    with pytest.raises(NotFoundError):
        sdk.models.delete(MINE)
    with database.session() as session:
        assert session.get(Adapter, MINE) is None


def test_the_files_of_a_deleted_adapter_stay_until_its_last_answer_has_ended(
    open_front_door: FrontDoor, engine: FakeEngine, tmp_path: Path
) -> None:
    engine.loadable = {MINE}
    engine.hangs = True
    with open_front_door(data=tmp_path, sweep_seconds=0.02) as url, OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0) as sdk:
        database = Database(JobSettings(data=tmp_path).jobs_url)
        folder = publish(database, tmp_path)
        with ask(sdk, stream=True) as stream:
            next(stream)
            sdk.models.delete(MINE)
            with pytest.raises(NotFoundError):
                ask(sdk)
            assert folder.exists()
        wait_until(lambda: list(folder.parent.iterdir()) == [])
        database.close()


def test_files_that_cannot_be_deleted_yet_are_deleted_later(
    open_front_door: FrontDoor, engine: FakeEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_front_door(data=tmp_path, sweep_seconds=0.02) as url, OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0) as sdk:
        database = Database(JobSettings(data=tmp_path).jobs_url)
        folder = publish(database, tmp_path)
        with monkeypatch.context() as broken:
            broken.setattr("shutil.rmtree", fail)
            assert sdk.models.delete(MINE).deleted
            assert [model.id for model in sdk.models.list()] == ["tiny"]
            assert list(folder.parent.iterdir())
        wait_until(lambda: list(folder.parent.iterdir()) == [])
        database.close()


def fail(*_: object) -> None:
    raise PermissionError("not now")


@pytest.mark.parametrize("moved", [False, True])
def test_an_interrupted_deletion_is_finished_at_the_next_start(
    open_front_door: FrontDoor, engine: FakeEngine, tmp_path: Path, moved: bool
) -> None:
    engine.adapters = {MINE}
    with open_front_door(data=tmp_path):
        pass
    database = Database(JobSettings(data=tmp_path).jobs_url)
    folder = publish(database, tmp_path)
    with database.session() as session:
        session.get_one(Adapter, MINE).deleted_at = 8
    if moved:
        folder.rename(folder.with_name(f".{MINE}.deleted"))
    with open_front_door(data=tmp_path) as url, OpenAI(base_url=f"{url}/v1", api_key="none") as sdk:
        assert [model.id for model in sdk.models.list()] == ["tiny"]
        wait_until(lambda: list(folder.parent.iterdir()) == [])
    assert engine.adapters == set()
    database.close()


@pytest.mark.parametrize("kind", [jobs.COMPARISON, jobs.FINE_TUNING])
def test_a_model_that_a_job_uses_cannot_be_deleted(sdk: OpenAI, trained: Path, database: Database, kind: str) -> None:
    with database.session() as session:
        job = jobs.submit(session, kind, "default", {"model": MINE})
    with pytest.raises(ConflictError, match=job.id) as raised:
        sdk.models.delete(MINE)
    assert raised.value.code == "model_in_use"
    assert trained.exists()
    with database.session() as session:
        session.get_one(jobs.Job, job.id).status = "succeeded"
    sdk.models.delete(MINE)
    assert not trained.exists()


def test_only_the_projects_own_adapters_can_be_deleted(sdk: OpenAI, adapters: None) -> None:
    with pytest.raises(BadRequestError, match="Only fine-tuned models can be deleted") as raised:
        sdk.models.delete("tiny")
    assert raised.value.code == "model_not_deletable"
    for name in (THEIRS, "ft:tiny:default::nothere123", "../x", "ft:tiny:default:../x:abcdefgh"):
        with pytest.raises(NotFoundError):
            sdk.models.delete(name)


def test_an_adapter_is_used_only_at_engines_of_its_base(
    open_front_door: FrontDoor, engine: FakeEngine, engine_url: str, tmp_path: Path
) -> None:
    other = FakeEngine(model="huge", loadable={MINE, OF_ANOTHER_BASE})
    engine.loadable = {MINE, OF_ANOTHER_BASE}
    with ExitStack() as stack:
        other_url = stack.enter_context(serving(other.app()))
        url = stack.enter_context(open_front_door(data=tmp_path, engines={"tiny": [engine_url], "huge": [other_url]}))
        sdk = stack.enter_context(OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0, timeout=DEADLINE))
        database = Database(JobSettings(data=tmp_path).jobs_url)
        stack.callback(database.close)
        publish(database, tmp_path)
        with database.session() as session:
            session.add(Adapter(name=OF_ANOTHER_BASE, project_id="default", base="huge", job_id="ftjob-2", manifest={}, created_at=8))
        for name in (MINE, OF_ANOTHER_BASE):
            assert ask(sdk, name).model == name
    assert (engine.loaded, other.loaded) == ([MINE], [OF_ANOTHER_BASE])


def test_weights_that_differ_from_the_published_ones_are_not_loaded(restartable: RestartableEngine, tmp_path: Path) -> None:
    restartable.engine.loadable = {MINE}
    folder = JobSettings(data=tmp_path).adapters_dir / MINE
    with restartable.database.session() as session:
        session.get_one(Adapter, MINE).manifest = {"weights_sha256": hash_weights(folder)}
    (folder / "adapter_model.safetensors").write_bytes(b"weigh")
    with pytest.raises(BadRequestError, match="not those that were published") as raised:
        ask(restartable.sdk)
    assert raised.value.code == "model_out_of_service"
    assert restartable.engine.loaded == []
    (folder / "adapter_model.safetensors").write_bytes(b"weights")
    wait_until(lambda: answers(restartable.sdk))
    assert (restartable.sdk.models.retrieve(MINE).model_extra or {})["status"] == "in_service"


def answers(sdk: OpenAI) -> bool:
    with suppress(BadRequestError):
        return bool(ask(sdk).model == MINE)
    return False
