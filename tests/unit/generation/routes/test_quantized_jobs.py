"""QLoRA: jobs with the base model in 4 bits, and their estimates. They need a GPU, and a base model that can be quantized."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from shared.records.database import Database
from shared.records.jobs import Job
from shared.records.training_devices import Device, announce
from shared.settings import JobSettings
from tests.fake_retrieval import FakeRetrieval
from tests.unit.generation.conftest import FrontDoor
from tests.unit.generation.routes.test_estimate import CPU, GPU, PAIRS, SMOLLM
from tests.unit.generation.routes.test_fine_tuning import EXAMPLES

FIELD = "method.supervised.lora.load_in_4bit"
IN_4BIT = {"type": "supervised", "supervised": {"lora": {"load_in_4bit": True}}}


@pytest.fixture
def http(open_front_door: FrontDoor, tmp_path: Path) -> Iterator[httpx.Client]:
    write_config(tmp_path, SMOLLM)
    with open_front_door({"base_model": str(tmp_path / "tiny")}, data=tmp_path) as url, httpx.Client(base_url=url, timeout=60) as client:
        yield client


@pytest.fixture
def opened(http: httpx.Client, tmp_path: Path) -> Iterator[Database]:
    database = Database(JobSettings(data=tmp_path).jobs_url)
    yield database
    database.close()


@pytest.fixture
def training_file(http: httpx.Client, retrieval: FakeRetrieval) -> str:
    return retrieval.add_file(EXAMPLES)


def write_config(folder: Path, config: dict[str, Any]) -> None:
    (folder / "tiny").mkdir(exist_ok=True)
    (folder / "tiny" / "config.json").write_text(json.dumps(config))


def put(database: Database, *devices: Device) -> None:
    with database.session() as session:
        for device in devices:
            announce(session, device)


def create(http: httpx.Client, training_file: str, **body: Any) -> httpx.Response:
    return http.post("/v1/fine_tuning/jobs", json={"model": "tiny", "training_file": training_file, "method": IN_4BIT, **body})


def estimate(http: httpx.Client, **body: Any) -> httpx.Response:
    return http.post("/v1/fine_tuning/estimate", json={"model": "tiny", **body})


@pytest.mark.parametrize("kind", ["supervised", "dpo"])
def test_a_job_runs_only_on_workers_with_a_gpu(http: httpx.Client, opened: Database, retrieval: FakeRetrieval, kind: str) -> None:
    put(opened, CPU, GPU)
    file_id = retrieval.add_file(EXAMPLES if kind == "supervised" else PAIRS)
    job = create(http, file_id, method={"type": kind, kind: {"lora": {"load_in_4bit": True}}}).json()
    assert (job["device"], job["method"][kind]["lora"]["load_in_4bit"]) == ("gpu", True)
    with opened.session() as session:
        assert session.get_one(Job, job["id"]).device == "gpu"
    levels = [event["level"] for event in http.get(f"/v1/fine_tuning/jobs/{job['id']}/events").json()["data"]]
    assert "warn" not in levels


def test_without_any_worker_the_job_waits_for_one_with_a_gpu(http: httpx.Client, training_file: str) -> None:
    job = create(http, training_file).json()
    newest = http.get(f"/v1/fine_tuning/jobs/{job['id']}/events").json()["data"][0]
    assert newest["message"] == "No training worker with a GPU is running now. The job waits until there is one."


def test_if_no_running_worker_has_a_gpu_job_and_estimate_are_refused(http: httpx.Client, opened: Database, training_file: str) -> None:
    put(opened, CPU)
    for response in (create(http, training_file), create(http, training_file, device="gpu"), estimate(http, method=IN_4BIT)):
        error = response.json()["error"]
        assert (response.status_code, error["param"], error["code"], error["type"]) == (400, FIELD, "gpu_required", "invalid_request_error")
        assert error["message"] == (f"'{FIELD}' needs a GPU, and no running training worker has one. Leave it out to train on a processor.")
    assert create(http, training_file, method={"type": "supervised"}).status_code == 200


def test_a_job_that_must_run_on_a_processor_is_refused(http: httpx.Client, opened: Database, training_file: str) -> None:
    put(opened, GPU)
    error = create(http, training_file, device="cpu").json()["error"]
    assert (error["param"], error["code"]) == ("device", "gpu_required")
    assert error["message"] == f"'device' must be 'gpu' or 'auto' if '{FIELD}' is true, because that needs a GPU; got 'cpu'."


def test_a_base_model_that_cannot_be_quantized_is_refused(http: httpx.Client, opened: Database, training_file: str, tmp_path: Path) -> None:
    put(opened, GPU)
    write_config(tmp_path, {**SMOLLM, "quantization_config": {"quant_method": "fp8"}})
    for response in (create(http, training_file), estimate(http, method=IN_4BIT)):
        assert (response.status_code, response.json()["error"]["param"]) == (400, FIELD)
        assert "'tiny', because its weights are already quantized (fp8)" in response.json()["error"]["message"]
    assert estimate(http).json()["trainable_here"]["qlora"] is False


def test_a_base_model_whose_files_the_front_door_cannot_read_is_left_to_the_worker(
    http: httpx.Client, opened: Database, training_file: str, tmp_path: Path
) -> None:
    put(opened, GPU)
    (tmp_path / "tiny" / "config.json").unlink()
    assert create(http, training_file).status_code == 200


def test_only_true_and_false_are_accepted(http: httpx.Client, training_file: str) -> None:
    error = create(http, training_file, method={"type": "supervised", "supervised": {"lora": {"load_in_4bit": "nf4"}}}).json()["error"]
    assert error["param"] == FIELD


def test_an_estimate_says_whether_jobs_can_be_in_4_bits_and_where_they_fit(http: httpx.Client, opened: Database) -> None:
    put(opened, CPU)
    found = estimate(http).json()
    assert found["trainable_here"] == {"full": False, "lora": True, "qlora": False}
    assert found["devices"][0]["fits"]["qlora"] == "no"
    put(opened, GPU)
    found = estimate(http, method=IN_4BIT).json()
    assert found["trainable_here"]["qlora"] is True
    assert [device["fits"]["qlora"] for device in found["devices"]] == ["no", "yes"]
    on_gpu = next(memory for memory in found["memory"] if memory["device"] == "gpu")
    assert on_gpu["qlora"]["weights"] < on_gpu["lora"]["weights"]


def test_a_job_is_retried_in_the_same_way(http: httpx.Client, opened: Database, training_file: str) -> None:
    put(opened, GPU)
    job = create(http, training_file).json()
    http.post(f"/v1/fine_tuning/jobs/{job['id']}/cancel")
    again = http.post(f"/v1/fine_tuning/jobs/{job['id']}/retry", json={}).json()
    assert (again["device"], again["method"]["supervised"]["lora"]["load_in_4bit"]) == ("gpu", True)
