"""Models that a project shares with another: who sees them, who may use them, and what only their owner may do."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from openai import BadRequestError, NotFoundError, OpenAI
from sqlalchemy import func, select

from shared.http.connect import PROJECT_HEADER
from shared.records.database import Database
from shared.records.models.adapters import Adapter
from shared.records.models.permissions import ModelPermission
from shared.settings import JobSettings
from tests.fake_engine import FakeEngine
from tests.fake_retrieval import FakeRetrieval
from tests.unit.generation.conftest import FrontDoor

MODEL = "ft:tiny:red:style:abcdefgh1234"
CHECKPOINT = f"{MODEL}:ckpt-step-12"
PROJECTS = ("red", "blue", "green")
KEYS = {"keys": ",".join(f"{project}:{project}-key-1" for project in PROJECTS), "worker_key": "worker-key"}
QUESTIONS = "".join(f'{{"question": "How much is {n} + 1?", "answers": ["{n + 1}"]}}\n' for n in range(6)).encode()
LINES = b'{"messages": [{"role": "user", "content": "How many arms?"}, {"role": "assistant", "content": "Two."}]}\n' * 12


class Front:
    """A front door with three projects; `red` has two models."""

    def __init__(self, url: str, database: Database, stack: ExitStack) -> None:
        self.url = url
        self.database = database
        self.red, self.blue, self.green = (stack.enter_context(self.open_sdk(f"{project}-key-1")) for project in PROJECTS)

    def open_sdk(self, key: str, **headers: str) -> OpenAI:
        return OpenAI(base_url=f"{self.url}/v1", api_key=key, max_retries=0, timeout=20, default_headers=headers)

    def share(self, *projects: str, model: str = MODEL) -> list[str]:
        """Share red's model; return the ids of the permissions."""
        return [each.id for each in self.red.fine_tuning.checkpoints.permissions.create(model, project_ids=list(projects))]

    def revoke(self, permission: str) -> None:
        self.red.fine_tuning.checkpoints.permissions.delete(permission, fine_tuned_model_checkpoint=MODEL)

    def count_permissions(self) -> int:
        with self.database.session() as session:
            return session.scalar(select(func.count()).select_from(ModelPermission)) or 0


@pytest.fixture
def front(open_front_door: FrontDoor, engine: FakeEngine, retrieval: FakeRetrieval, tmp_path: Path) -> Iterator[Front]:
    engine.loadable = {MODEL, CHECKPOINT}
    with ExitStack() as stack:
        url = stack.enter_context(open_front_door(common=KEYS, data=tmp_path))
        database = Database(JobSettings(data=tmp_path).jobs_url)
        stack.callback(database.close)
        with database.session() as session:
            for created, name in enumerate((MODEL, CHECKPOINT)):
                session.add(Adapter(name=name, project_id="red", base="tiny", job_id="ftjob-1", manifest={}, created_at=created))
        yield Front(url, database, stack)


def ask(sdk: OpenAI, model: str = MODEL) -> Any:
    return sdk.chat.completions.create(model=model, messages=[{"role": "user", "content": "Hi"}])


def models_of(sdk: OpenAI) -> list[str]:
    return [model.id for model in sdk.models.list()]


def can_ask(sdk: OpenAI, model: str = MODEL) -> bool:
    try:
        return bool(ask(sdk, model).choices)
    except NotFoundError as error:
        assert error.code == "model_not_found"
        return False


def test_a_project_with_a_permission_uses_the_model_and_sees_whose_it_is(front: Front, retrieval: FakeRetrieval) -> None:
    front.share("blue")
    assert models_of(front.blue) == ["tiny", MODEL]
    assert models_of(front.green) == ["tiny"]
    assert front.blue.models.retrieve(MODEL).owned_by == "red"
    assert ask(front.blue).model == MODEL
    assert front.blue.completions.create(model=MODEL, prompt="Hi").model == MODEL
    assert front.blue.responses.create(model=MODEL, input="Hi").model == MODEL
    questions = retrieval.add_file(QUESTIONS, purpose="evals")
    body: Any = {"questions_file": questions, "model": MODEL, "arms": ["base", "fine_tuned"]}
    comparison: Any = front.blue.post("/comparisons", body=body, cast_to=object)
    assert comparison["status"] == "queued"


def test_a_permission_is_for_one_model_and_not_for_the_others_of_its_job(front: Front) -> None:
    front.share("blue", model=CHECKPOINT)
    assert models_of(front.blue) == ["tiny", CHECKPOINT]
    assert [can_ask(front.blue, name) for name in (MODEL, CHECKPOINT)] == [False, True]


def test_a_permission_that_is_taken_back_ends_at_the_next_request_also_at_another_front_door(
    front: Front, open_front_door: FrontDoor, tmp_path: Path
) -> None:
    (permission,) = front.share("blue")
    with open_front_door(common=KEYS, data=tmp_path) as url, OpenAI(base_url=f"{url}/v1", api_key="blue-key-1", max_retries=0) as other:
        assert can_ask(front.blue)
        assert can_ask(other)
        front.revoke(permission)
        assert not can_ask(front.blue)
        assert not can_ask(other)
    assert models_of(front.blue) == ["tiny"]
    assert can_ask(front.red)


def test_deleting_a_model_deletes_its_permissions(front: Front) -> None:
    front.share("blue", "green")
    assert can_ask(front.blue)
    front.red.models.delete(MODEL)
    assert not can_ask(front.blue)
    assert front.count_permissions() == 0


CALLS: dict[str, Callable[[OpenAI], object]] = {
    "share": lambda sdk: sdk.fine_tuning.checkpoints.permissions.create(MODEL, project_ids=["green"]),
    "list": lambda sdk: sdk.fine_tuning.checkpoints.permissions.list(MODEL),
    "take back": lambda sdk: sdk.fine_tuning.checkpoints.permissions.delete("cp_1", fine_tuned_model_checkpoint=MODEL),
}


@pytest.mark.parametrize("call", CALLS)
def test_for_a_project_without_a_permission_the_model_does_not_exist(front: Front, call: str) -> None:
    with pytest.raises(NotFoundError) as unknown:
        front.blue.fine_tuning.checkpoints.permissions.list("ft:tiny:red:style:nothere12345")
    with pytest.raises(NotFoundError) as raised:
        CALLS[call](front.blue)
    assert raised.value.message == unknown.value.message.replace("nothere12345", "abcdefgh1234")
    assert (raised.value.code, raised.value.param) == ("model_not_found", "fine_tuned_model_checkpoint")


@pytest.mark.parametrize("call", CALLS)
def test_a_project_with_a_permission_cannot_share_the_model_further_or_see_with_whom_it_is_shared(front: Front, call: str) -> None:
    front.share("blue")
    with pytest.raises(BadRequestError, match=r"belongs to the project 'red'\. It can be shared only with a key of that project") as raised:
        CALLS[call](front.blue)
    assert (raised.value.code, raised.value.param) == ("model_not_shareable", "fine_tuned_model_checkpoint")
    assert models_of(front.green) == ["tiny"]


def test_a_project_with_a_permission_cannot_delete_or_download_the_model_or_train_it_further(
    front: Front, retrieval: FakeRetrieval
) -> None:
    front.share("blue")
    with pytest.raises(BadRequestError, match="It can be deleted only with a key of that project") as raised:
        front.blue.models.delete(MODEL)
    assert (raised.value.code, raised.value.param) == ("model_not_deletable", "model")
    with pytest.raises(BadRequestError, match="It can be downloaded only with a key of that project"):
        front.blue.get(f"/models/{MODEL}/adapter", cast_to=httpx.Response)
    with pytest.raises(BadRequestError, match="It can be trained further only with a key of that project") as raised:
        front.blue.fine_tuning.jobs.create(model=MODEL, training_file=retrieval.add_file(LINES))
    assert (raised.value.code, raised.value.param) == ("model_not_supported", "model")
    assert can_ask(front.blue)


def test_sharing_twice_answers_the_same_permissions(front: Front) -> None:
    (first,) = front.share("blue")
    again = front.red.fine_tuning.checkpoints.permissions.create(MODEL, project_ids=["green", "blue", "green"])
    assert [each.project_id for each in again] == ["green", "blue"]
    assert [each.id for each in again][1] == first
    assert again.to_dict()["last_id"] == first
    assert front.count_permissions() == 2


def test_permissions_that_are_created_at_the_same_moment_are_one(front: Front) -> None:
    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(lambda _: front.share("blue")[0], range(8)))
    assert len(ids) == front.count_permissions() == 1


@pytest.mark.parametrize(
    ("projects", "problem", "code", "param"),
    [
        (["blue", "pink"], "names 'pink', which is not a project with an API key", "project_not_found", "project_ids[1]"),
        (["default"], "names 'default', which is not a project with an API key", "project_not_found", "project_ids[0]"),
        ([""], "names '', which is not", "project_not_found", "project_ids[0]"),
        (["bläu 蓝"], "names 'bläu 蓝', which is not", "project_not_found", "project_ids[0]"),
        (["red"], "names your own project", "invalid_value", "project_ids[0]"),
        ([], "must not be empty", None, "project_ids"),
        (["blue"] * 101, "1 to 100 items", None, "project_ids"),
        (["b" * 257], "at most 256", None, "project_ids[0]"),
        ([7], "must be a string", None, "project_ids[0]"),
    ],
)
def test_a_project_that_cannot_get_a_permission_is_named_and_none_gets_one(
    front: Front, projects: list[Any], problem: str, code: str | None, param: str
) -> None:
    with pytest.raises(BadRequestError) as raised:
        front.red.fine_tuning.checkpoints.permissions.create(MODEL, project_ids=projects)
    assert problem in raised.value.message
    assert raised.value.param == param
    assert code is None or raised.value.code == code
    assert front.count_permissions() == 0


def test_a_base_model_cannot_be_shared(front: Front) -> None:
    for method, path, body in (("POST", "", {"project_ids": ["blue"]}), ("GET", "", None), ("DELETE", "/cp_1", None)):
        url = f"{front.url}/v1/fine_tuning/checkpoints/tiny/permissions{path}"
        error = httpx.request(method, url, json=body, headers={"Authorization": "Bearer red-key-1"}).json()["error"]
        assert (error["code"], error["param"]) == ("model_not_shareable", "fine_tuned_model_checkpoint")


def test_permissions_are_listed_in_both_orders_a_page_at_a_time_and_by_project(front: Front) -> None:
    first, second = front.share("blue")[0], front.share("green")[0]
    with front.database.session() as session:
        session.get_one(ModelPermission, first).created_at -= 1
    permissions = front.red.fine_tuning.checkpoints.permissions
    assert [each.id for each in permissions.list(MODEL, limit=1)] == [second, first]
    assert [each.id for each in permissions.list(MODEL, order="ascending")] == [first, second]
    assert [each.id for each in permissions.list(MODEL, order="descending", after=second)] == [first]
    assert [each.project_id for each in permissions.list(MODEL, project_id="green")] == ["green"]
    assert permissions.list(MODEL, project_id="pink").data == []
    assert permissions.list(CHECKPOINT).data == []


def test_a_permission_is_deleted_once_and_only_under_its_model(front: Front) -> None:
    (permission,) = front.share("blue")
    delete = front.red.fine_tuning.checkpoints.permissions.delete
    with pytest.raises(NotFoundError, match=f"has no permission '{permission}'"):
        delete(permission, fine_tuned_model_checkpoint=CHECKPOINT)
    front.revoke(permission)
    with pytest.raises(NotFoundError) as raised:
        front.revoke(permission)
    assert raised.value.param == "permission_id"
    assert front.share("blue") != [permission]


def test_a_name_may_arrive_percent_encoded(front: Front) -> None:
    owner = {"Authorization": "Bearer red-key-1"}
    for name in (MODEL.replace(":", "%3A"), MODEL, MODEL.replace(":", "%3a")):
        response = httpx.get(f"{front.url}/v1/fine_tuning/checkpoints/{name}/permissions", headers=owner)
        assert (response.status_code, response.json()["data"]) == (200, [])
    error = httpx.get(f"{front.url}/v1/fine_tuning/checkpoints/org%2Fmodel/permissions", headers=owner).json()["error"]
    assert (error["code"], "'org/model'" in error["message"]) == ("model_not_found", True)


def test_a_worker_may_use_a_shared_model_for_the_project_that_it_works_for(front: Front) -> None:
    front.share("blue")
    for project, expected in (("blue", True), ("green", False)):
        with front.open_sdk("worker-key", **{PROJECT_HEADER: project}) as sdk:
            assert can_ask(sdk) == expected
