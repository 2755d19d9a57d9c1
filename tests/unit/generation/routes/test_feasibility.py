"""A job that cannot fit into any worker's memory, or whose chats the engine's template refuses, is refused when it is created."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from shared.records.database import Database
from shared.records.training_devices import Device, announce
from shared.settings import JobSettings
from tests.fake_retrieval import FakeRetrieval
from tests.serving import serving, wait_until
from tests.unit.generation.conftest import FrontDoor
from tests.unit.generation.routes.test_estimate import CPU, GPU, SMOLLM
from tests.unit.generation.routes.test_validate_tokens import GOOD, REFUSAL, StrictEngine, line

JOBS = "/v1/fine_tuning/jobs"
ODD = json.dumps({"messages": [{"role": role, "content": "Hi"} for role in ("user", "user", "assistant")]}).encode()
TOO_SMALL = replace(CPU, total_bytes=500_000_000, free_bytes=100_000_000)


@pytest.fixture
def http(open_front_door: FrontDoor, tmp_path: Path) -> Iterator[httpx.Client]:
    (tmp_path / "tiny").mkdir()
    (tmp_path / "tiny" / "config.json").write_text(json.dumps(SMOLLM))
    with (
        serving(StrictEngine().app()) as engine_url,
        open_front_door({"base_model": str(tmp_path / "tiny")}, data=tmp_path, engine_url=engine_url) as url,
        httpx.Client(base_url=url, timeout=60) as client,
    ):
        yield client


@pytest.fixture
def opened(http: httpx.Client, tmp_path: Path) -> Iterator[Database]:
    database = Database(JobSettings(data=tmp_path).jobs_url)
    yield database
    database.close()


def put(database: Database, *devices: Device) -> None:
    with database.session() as session:
        for device in devices:
            announce(session, device)


def create(http: httpx.Client, file: str, **body: Any) -> httpx.Response:
    return http.post(JOBS, json={"model": "tiny", "training_file": file, **body})


def refusal(response: httpx.Response) -> dict[str, Any]:
    assert response.status_code == 400, response.text
    error: dict[str, Any] = response.json()["error"]
    return error


def warnings(http: httpx.Client, job: dict[str, Any]) -> list[str]:
    events = http.get(f"{JOBS}/{job['id']}/events").json()["data"]
    return [event["message"] for event in events if event["level"] == "warn"]


def test_a_job_that_no_worker_has_the_memory_for_is_refused_with_the_numbers(
    http: httpx.Client, opened: Database, retrieval: FakeRetrieval
) -> None:
    put(opened, TOO_SMALL)
    error = refusal(create(http, retrieval.add_file(GOOD)))
    assert (error["param"], error["code"]) == ("model", "does_not_fit")
    assert "'EPYC, 2 cores' has 0.50 GB." in error["message"]
    assert http.get(JOBS).json()["data"] == []


def test_the_longest_example_decides_what_is_needed(http: httpx.Client, opened: Database, retrieval: FakeRetrieval) -> None:
    put(opened, replace(CPU, total_bytes=1_250_000_000))
    long = retrieval.add_file(GOOD + line("word " * 2000))
    error = refusal(create(http, long))
    assert "an example of 2,015 tokens" in error["message"]
    assert "'method.supervised.hyperparameters.max_length' to " in error["message"]
    assert create(http, retrieval.add_file(GOOD)).status_code == 200
    short = {"type": "supervised", "supervised": {"hyperparameters": {"max_length": 64}}}
    assert create(http, long, method=short).status_code == 200


def test_a_worker_with_enough_memory_of_the_requested_type_is_needed(
    http: httpx.Client, opened: Database, retrieval: FakeRetrieval
) -> None:
    put(opened, TOO_SMALL, replace(GPU, total_bytes=GPU.free_bytes))
    file_id = retrieval.add_file(GOOD)
    assert create(http, file_id).status_code == 200
    assert create(http, file_id, device="gpu").status_code == 200
    assert refusal(create(http, file_id, device="cpu"))["code"] == "does_not_fit"


def test_a_busy_worker_does_not_refuse_the_job_but_the_job_warns(http: httpx.Client, opened: Database, retrieval: FakeRetrieval) -> None:
    put(opened, replace(GPU, free_bytes=100_000_000, total_bytes=GPU.free_bytes))
    job = create(http, retrieval.add_file(GOOD)).json()
    [warning] = warnings(http, job)
    assert "no running training worker has that much free: 'H200' has 0.10 GB." in warning


def test_the_memory_of_a_worker_that_does_not_say_it_is_not_checked(http: httpx.Client, opened: Database, retrieval: FakeRetrieval) -> None:
    put(opened, replace(CPU, free_bytes=100_000_000))
    assert create(http, retrieval.add_file(GOOD)).status_code == 200


@pytest.mark.parametrize("param", ["training_file", "validation_file"])
def test_chats_that_the_template_refuses_are_refused_with_their_lines(http: httpx.Client, retrieval: FakeRetrieval, param: str) -> None:
    files = {"training_file": retrieval.add_file(GOOD), param: retrieval.add_file(GOOD + ODD + b"\n" + ODD)}
    error = refusal(http.post(JOBS, json={"model": "tiny", **files}))
    assert (error["param"], error["code"]) == (param, f"invalid_{param}")
    assert error["message"] == f"Line 13: the {REFUSAL}\nLine 14: the {REFUSAL}"
    estimated = refusal(http.post("/v1/fine_tuning/estimate", json={"model": "tiny", **files}))
    assert (estimated["message"], estimated["code"]) == (error["message"], error["code"])


def test_a_job_is_created_if_the_engine_is_down(
    open_front_door: FrontDoor, retrieval: FakeRetrieval, tmp_path: Path, dead_url: str
) -> None:
    with open_front_door(data=tmp_path, engine_url=dead_url) as url, httpx.Client(base_url=url, timeout=20) as client:
        assert create(client, retrieval.add_file(GOOD + ODD)).status_code == 200


def test_a_large_file_is_checked_alike_after_the_response(
    http: httpx.Client, opened: Database, retrieval: FakeRetrieval, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.generation.jobs.finetune.MAX_IMMEDIATE_BYTES", 100)
    put(opened, replace(CPU, total_bytes=1_250_000_000), replace(GPU, total_bytes=GPU.free_bytes))
    files = [retrieval.add_file(content) for content in (GOOD + ODD, GOOD + line("word " * 2000))]
    jobs = [create(http, file, device="cpu").json() for file in files]
    assert [job["status"] for job in jobs] == ["validating_files"] * 2
    wait_until(lambda: all(http.get(f"{JOBS}/{job['id']}").json()["status"] == "failed" for job in jobs))
    refused, too_long = (http.get(f"{JOBS}/{job['id']}").json()["error"] for job in jobs)
    assert (refused["code"], refused["message"]) == ("invalid_training_file", f"Line 13: the {REFUSAL}")
    assert (too_long["code"], "an example of 2,015 tokens" in too_long["message"]) == ("does_not_fit", True)
