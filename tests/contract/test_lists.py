"""Every list of both services takes the same parameters, and refuses the same mistakes with the same errors."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute

from services.generation.app import create_app
from services.generation.contracts.models import ModelList
from services.generation.routes import checkpoints, fine_tuning, models, permissions, responses, stored_completions, webhooks
from services.generation.routes.evaluations import comparisons, datasets, eval_runs, evals, output_items
from services.generation.settings import GenerationSettings
from services.retrieval.routes import file_batches, files, reembeddings, vector_store_files, vector_stores
from shared.contracts.comparisons import ComparisonSpec
from shared.contracts.fine_tuning import Method, TrainingSpec
from shared.contracts.paging import Page
from shared.records import jobs
from shared.records.database import Database
from shared.records.evaluation.evals import EvalOutputItem
from shared.records.models.adapters import Adapter
from shared.records.models.permissions import grant
from shared.settings import JobSettings
from tests.fake_engine import FakeEngine
from tests.retrieval_harness import RetrievalHarness
from tests.serving import serving
from tests.unit.retrieval.sdk import open_app

ROUTES = (
    *(checkpoints, comparisons, datasets, fine_tuning, models, permissions, responses, stored_completions, webhooks),
    *(eval_runs, evals, output_items),
    *(file_batches, files, reembeddings, vector_store_files, vector_stores),
)
MODELS = "/v1/models"
PERMISSIONS = "/v1/fine_tuning/checkpoints/{fine_tuned_model_checkpoint:path}/permissions"
# The path of every list, the largest `limit`, and a parameter that only this list has.
LISTS: dict[str, tuple[int, str | None]] = {
    "/v1/files": (10_000, "purpose"),
    "/v1/vector_stores": (100, None),
    "/v1/vector_stores/{vector_store_id}/files": (100, "filter"),
    "/v1/vector_stores/{vector_store_id}/file_batches/{batch_id}/files": (100, "filter"),
    "/v1/vector_stores/{vector_store_id}/reembeddings": (100, None),
    "/v1/fine_tuning/jobs": (100, "metadata"),
    "/v1/fine_tuning/jobs/{job_id}/events": (100, None),
    "/v1/fine_tuning/jobs/{job_id}/checkpoints": (100, None),
    PERMISSIONS: (100, None),
    "/v1/comparisons": (100, None),
    "/v1/comparisons/{comparison_id}/events": (100, None),
    "/v1/datasets": (100, None),
    "/v1/datasets/{dataset_id}/events": (100, None),
    "/v1/evals": (100, "order_by"),
    "/v1/evals/{eval_id}/runs": (100, "status"),
    "/v1/evals/{eval_id}/runs/{run_id}/output_items": (100, "status"),
    "/v1/responses/{response_id}/input_items": (100, "include"),
    "/v1/chat/completions": (100, "metadata"),
    "/v1/chat/completions/{completion_id}/messages": (100, None),
    "/v1/webhook_endpoints": (100, None),
}
# The lists that have the oldest first by default, as OpenAI's.
OLDEST_FIRST = {route for route in LISTS if route.startswith(("/v1/evals", "/v1/chat/completions"))}
# The words that a list takes for the order: OpenAI's list of permissions has words of its own.
ORDERS = {PERMISSIONS: "'asc', 'desc', 'ascending', 'descending'"}
UNKNOWN = "is not a known parameter"
# A query that is wrong on every list, the field that the error names, and a part of the message.
MISTAKES: dict[str, tuple[dict[str, str], str, str]] = {
    "an unknown after": ({"after": "zzz"}, "after", "'after' names 'zzz', which is not in this list"),
    "an unknown before": ({"before": "zzz"}, "before", "'before' names 'zzz', which is not in this list"),
    "an unknown before with an after": ({"after": "{first}", "before": "zzz"}, "before", "'before' names 'zzz'"),
    "an empty after": ({"after": ""}, "after", "'after' must not be empty."),
    "an empty before": ({"before": ""}, "before", "'before' must not be empty."),
    "an order that does not exist": ({"order": "sideways"}, "order", "'order' must be one of {orders}; got 'sideways'."),
    "an order in capitals": ({"order": "ASC"}, "order", "'order' must be one of {orders}; got 'ASC'."),
    "a limit of 0": ({"limit": "0"}, "limit", "'limit' must be between 1 and {max}; got 0."),
    "a negative limit": ({"limit": "-1"}, "limit", "'limit' must be between 1 and {max}; got -1."),
    "a limit that is too high": ({"limit": "{over}"}, "limit", "'limit' must be between 1 and {max}; got {over}."),
    "a limit in words": ({"limit": "ten"}, "limit", "'limit' must be an integer"),
    "an unknown field": ({"colour": "red"}, "colour", f"'colour' {UNKNOWN}."),
    "a field with the same beginning": ({"limits": "5"}, "limits", f"'limits' {UNKNOWN}."),
}


@pytest.fixture(scope="module")
def front_door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[httpx.Client, RetrievalHarness, Database]]:
    """The front door with the real retrieval service behind it, and their databases."""
    data = tmp_path_factory.mktemp("lists")
    common = JobSettings(data=data, base_name="tiny", broker_url="memory://")
    harness = RetrievalHarness(tmp_path_factory.mktemp("lists-retrieval"))
    with ExitStack() as stack:
        stack.callback(harness.close)
        retrieval = stack.enter_context(serving(open_app(harness)))
        engine = stack.enter_context(serving(FakeEngine().app()))
        url = stack.enter_context(serving(create_app(GenerationSettings(common=common, engine_url=engine, retrieval_url=retrieval))))
        database = Database(common.jobs_url)
        stack.callback(database.close)
        yield stack.enter_context(httpx.Client(base_url=url, timeout=60)), harness, database


@pytest.fixture(scope="module")
def http(front_door: tuple[httpx.Client, RetrievalHarness, Database]) -> httpx.Client:
    return front_door[0]


@pytest.fixture(scope="module")
def paths(front_door: tuple[httpx.Client, RetrievalHarness, Database]) -> dict[str, str]:
    """Fill every list with three items; return the path of each."""
    http, harness, database = front_door
    for number in (2, 3):
        harness.add_store(f"vs_{number}")
    file_ids = [harness.attach(f"Pump {number}.", f"{number}.txt") for number in range(3)]
    batch = post(http, "/v1/vector_stores/vs_2/file_batches", {"file_ids": file_ids})["id"]
    for _ in range(3):
        moved = post(http, "/v1/vector_stores/vs_1/reembed", {"embedding_model": "letters"})["id"]
        post(http, f"/v1/vector_stores/vs_1/reembeddings/{moved}/cancel", {})
    tuning = TrainingSpec(model="tiny", training_file="file-1", validation_file=None, suffix=None, seed=1, method=Method())
    comparison = ComparisonSpec(questions_file="file-1", base_model="tiny")
    for _ in range(3):
        post(http, "/v1/datasets", {"vector_store_ids": ["vs_1"]})
        post(http, "/v1/webhook_endpoints", {"name": "a", "url": "https://example.com", "event_types": ["fine_tuning.job.failed"]})
    ids = {
        "vector_store_id": "vs_1",
        "job_id": add_jobs(database, jobs.FINE_TUNING, tuning.model_dump()),
        "comparison_id": add_jobs(database, jobs.COMPARISON, comparison.model_dump()),
        "dataset_id": http.get("/v1/datasets").json()["data"][0]["id"],
        "response_id": post(http, "/v1/responses", {"model": "tiny", "input": [{"role": "user", "content": f"{n}"} for n in range(3)]})[
            "id"
        ],
        "completion_id": add_completions(http),
        **add_evals(http, database),
        "batch_id": batch,
        "fine_tuned_model_checkpoint": add_shared_model(database),
    }
    add_events(database, ids["dataset_id"], 2)
    add_checkpoints(database, ids["job_id"])
    filled = {route: route.replace(":path}", "}").format(**ids) for route in LISTS}
    return {route: path.replace("vs_1", "vs_2") if "file_batches" in path else path for route, path in filled.items()}


def post(http: httpx.Client, path: str, body: dict[str, Any], status: int = 200) -> dict[str, Any]:
    response = http.post(path, json=body)
    assert response.status_code == status, response.text
    created: dict[str, Any] = response.json()
    return created


def add_completions(http: httpx.Client) -> str:
    """Store three chat completions; return the id of one, whose request has three messages."""
    messages = [{"role": "user", "content": f"{number}"} for number in range(3)]
    body = {"model": "tiny", "messages": messages, "store": True}
    return [str(post(http, "/v1/chat/completions", body)["id"]) for _ in range(3)][-1]


def add_jobs(database: Database, kind: str, spec: dict[str, Any]) -> str:
    """Store three jobs, the last with three events; return its id."""
    with database.session() as session:
        job_id = [jobs.submit(session, kind, "default", spec).id for _ in range(3)][-1]
    add_events(database, job_id, 3)
    return job_id


def add_evals(http: httpx.Client, database: Database) -> dict[str, str]:
    """Store three evals, the last with three runs, the last of these with three output items; return the ids of the last."""
    check = {"type": "string_check", "name": "a", "input": "{{item.a}}", "operation": "eq", "reference": "b"}
    config = {"type": "custom", "item_schema": {"type": "object"}}
    run = {"data_source": {"type": "jsonl", "source": {"type": "file_content", "content": [{"item": {"a": "b"}}]}}}
    for _ in range(3):
        eval_id = post(http, "/v1/evals", {"data_source_config": config, "testing_criteria": [check]}, 201)["id"]
    for _ in range(3):
        run_id = post(http, f"/v1/evals/{eval_id}/runs", run, 201)["id"]
    with database.session() as session:
        for number in range(3):
            session.add(EvalOutputItem(job_id=run_id, number=number, id=f"outputitem_{number}", created_at=1, status="pass", item={}))
    return {"eval_id": eval_id, "run_id": run_id}


def add_checkpoints(database: Database, job_id: str) -> None:
    row = {"project_id": "default", "base": "tiny", "job_id": job_id, "manifest": {}, "created_at": 1}
    with database.session() as session:
        for step in (1, 2, 3):
            name = f"ft:tiny:default::abcdefgh5678:ckpt-step-{step}"
            session.add(Adapter(name=name, **row, checkpoint_id=f"ftckpt_{step}", step=step))


def add_shared_model(database: Database) -> str:
    """Store a model that is shared with three projects; return its name."""
    name = "ft:tiny:default::abcdefgh1234"
    with database.session() as session:
        session.add(Adapter(name=name, project_id="default", base="tiny", job_id="ftjob-1", manifest={}, created_at=1))
        session.flush()
        grant(session, "default", name, ["red", "blue", "green"])
    return name


def add_events(database: Database, job_id: str, count: int) -> None:
    with database.session() as session:
        for number in range(count):
            jobs.add_event(session, job_id, f"Event {number}.")


def list_ids(http: httpx.Client, path: str, **query: Any) -> list[str]:
    response = http.get(path, params=query)
    assert response.status_code == 200, response.text
    page = response.json()
    ids = [item["id"] for item in page["data"]]
    assert (page["object"], page["first_id"], page["last_id"]) == ("list", ids[0] if ids else None, ids[-1] if ids else None)
    return ids


def test_every_list_of_the_api_is_in_the_table() -> None:
    routes = [route for module in ROUTES for route in module.router.routes if isinstance(route, APIRoute)]
    pages = {
        route.path for route in routes if isinstance(route.response_model, type) and issubclass(route.response_model, Page | ModelList)
    }
    assert pages == {*LISTS, MODELS}
    modules = {path.stem for service in ("generation", "retrieval") for path in Path(f"services/{service}/routes").rglob("*.py")}
    without_lists = {
        "__init__",
        "chat",
        "chunks",
        "dependencies",
        "embeddings",
        "eval_reports",
        "file_content",
        "file_holds",
        "graders",
        "passthrough",
        "promptfoo",
        "rerank",
        "routers",
        "run_comparisons",
        "search",
        "shapes",
        "validate",
    }
    assert modules - without_lists == {module.__name__.rpartition(".")[2] for module in ROUTES}


@pytest.mark.parametrize("route", LISTS)
def test_a_list_is_read_forwards_backwards_and_between_two_items(http: httpx.Client, paths: dict[str, str], route: str) -> None:
    path = paths[route]
    default, other = ("asc", "desc") if route in OLDEST_FIRST else ("desc", "asc")
    first, middle, last = list_ids(http, path)
    assert list_ids(http, path, order=default) == [first, middle, last]
    assert list_ids(http, path, order=other) == [last, middle, first]
    assert list_ids(http, path, after=first, limit=1) == [middle]
    assert list_ids(http, path, after=middle) == [last]
    assert list_ids(http, path, after=last) == []
    assert list_ids(http, path, before=last) == [first, middle]
    assert list_ids(http, path, before=last, limit=1) == [middle]
    assert list_ids(http, path, before=first, order=other, limit=1) == [middle]
    assert list_ids(http, path, after=first, before=last) == [middle]
    assert http.get(path, params={"limit": 2}).json()["has_more"]
    assert not http.get(path, params={"after": first, "limit": LISTS[route][0]}).json()["has_more"]


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_the_same_error_on_every_list(http: httpx.Client, paths: dict[str, str], mistake: str) -> None:
    query, param, problem = MISTAKES[mistake]
    codes = set()
    for route, path in paths.items():
        orders = ORDERS.get(route, "'asc', 'desc'")
        limits = {"max": LISTS[route][0], "over": LISTS[route][0] + 1, "first": list_ids(http, path)[0], "orders": orders}
        response = http.get(path, params={name: value.format(**limits) for name, value in query.items()})
        assert response.status_code == 400, (path, response.text)
        error = response.json()["error"]
        assert (error["type"], error["param"]) == ("invalid_request_error", param), path
        assert problem.format(**limits) in error["message"], path
        codes.add(error["code"])
    assert len(codes) == 1


def test_an_item_of_another_list_is_not_in_this_one(http: httpx.Client, paths: dict[str, str]) -> None:
    everywhere = {path: list_ids(http, path) for path in paths.values()}
    for path, own in everywhere.items():
        other = next(id for ids in everywhere.values() for id in ids if id not in own)
        error = http.get(path, params={"after": other}).json()["error"]
        assert (error["param"], error["code"]) == ("after", "invalid_cursor"), path


@pytest.mark.parametrize("route", [route for route, (_, own) in LISTS.items() if own])
def test_a_filter_must_have_a_value_that_exists(http: httpx.Client, paths: dict[str, str], route: str) -> None:
    own = LISTS[route][1] or ""
    error = http.get(paths[route], params={own: "nonsense"}).json()["error"]
    assert error["param"].startswith(own)
    assert "'nonsense'" in error["message"]


def test_a_purpose_of_openai_that_no_file_has_here_is_not_a_mistake(http: httpx.Client) -> None:
    assert list_ids(http, "/v1/files", purpose="batch_output") == []


def test_the_list_of_models_has_one_page_and_no_parameters(http: httpx.Client) -> None:
    assert http.get(MODELS).status_code == 200
    for query in ({"colour": "red"}, {"limit": "5"}, {"after": "tiny"}):
        error = http.get(MODELS, params=query).json()["error"]
        assert error["message"] == f"'{next(iter(query))}' {UNKNOWN}."
