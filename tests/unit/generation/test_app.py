import os
import subprocess
import sys
import warnings
from pathlib import Path

import httpx
from openai import OpenAI

from services.generation.app import create_app
from services.generation.serving.fleet import ASLEEP
from services.generation.settings import GenerationSettings
from shared.records import jobs
from shared.records.database import Database
from shared.records.engine_sleeps import request_sleep
from tests.fake_engine import FakeEngine
from tests.fake_retrieval import FakeRetrieval
from tests.ports import free_port
from tests.serving import wait_until
from tests.unit.generation.conftest import FrontDoor
from tests.unit.shared.job_rows import submit


def test_it_is_ready_if_every_service_it_needs_is(http: httpx.Client, engine_url: str) -> None:
    assert http.get("/health/live").json() == {"status": "live"}
    assert http.get("/health/ready").json() == {"status": "ready", "missing": {}, "engines": {"tiny": {engine_url: "up"}}}


def test_readiness_names_every_service_that_is_missing(open_front_door: FrontDoor, dead_url: str) -> None:
    broker = {"broker_url": f"redis://127.0.0.1:{free_port()}/0"}
    with open_front_door(common=broker, engine_url=dead_url, retrieval_url=dead_url) as url:
        response = httpx.get(f"{url}/health/ready", timeout=20)
        assert httpx.get(f"{url}/health/live").status_code == 200
    assert response.status_code == 503
    missing = response.json()["missing"]
    assert set(missing) == {"engine", "retrieval", "broker"}
    for name, setting in (("engine", "GENERATION_ENGINE_URL"), ("retrieval", "GENERATION_RETRIEVAL_URL"), ("broker", "TANDEM_BROKER_URL")):
        assert setting in missing[name]


def test_services_that_are_not_ready_are_missing(http: httpx.Client, engine: FakeEngine, retrieval: FakeRetrieval) -> None:
    engine.healthy = retrieval.ready = False
    assert set(http.get("/health/ready").json()["missing"]) == {"engine", "retrieval"}


def test_a_job_is_accepted_without_the_broker(open_front_door: FrontDoor, retrieval: FakeRetrieval) -> None:
    line = b'{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}\n'
    broker = {"broker_url": f"redis://127.0.0.1:{free_port()}/0"}
    with open_front_door(common=broker) as url, OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0) as sdk:
        job = sdk.fine_tuning.jobs.create(model="tiny", training_file=retrieval.add_file(line * 10))
        assert sdk.fine_tuning.jobs.retrieve(job.id).status == "queued"


def test_requests_are_counted_by_route(http: httpx.Client) -> None:
    http.get("/v1/models")
    assert 'http_requests_total{method="GET",route="/v1/models",status="200"}' in http.get("/metrics").text


def test_every_route_but_those_for_operators_needs_a_key(open_front_door: FrontDoor) -> None:
    with open_front_door(common={"keys": "red:red-key-1", "worker_key": "worker-key"}) as url:
        for method, path in (
            ("GET", "/v1/models"),
            ("GET", "/v1/models/tiny"),
            ("POST", "/v1/chat/completions"),
            ("POST", "/v1/completions"),
            ("GET", "/v1/fine_tuning/jobs"),
            ("GET", "/v1/comparisons"),
            ("GET", "/v1/files"),
            ("POST", "/v1/vector_stores"),
        ):
            assert httpx.request(method, url + path).status_code == 401, path
        assert httpx.get(f"{url}/health/live").status_code == 200
        assert httpx.get(f"{url}/v1/models", headers={"Authorization": "Bearer red-key-1"}).status_code == 200


def test_an_unknown_path_is_an_openai_error(http: httpx.Client) -> None:
    response = http.get("/v1/nothing")
    assert (response.status_code, response.json()["error"]["type"]) == (404, "invalid_request_error")


def test_the_openapi_document_describes_operations_and_errors() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        document = create_app(GenerationSettings()).openapi()
    chat = document["paths"]["/v1/chat/completions"]["post"]
    assert chat["operationId"] == "create_chat_completion"
    reference = chat["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    body = document["components"]["schemas"][reference.rpartition("/")[2]]
    assert set(body["properties"]) >= {"model", "messages", "retrieval"}
    assert body["additionalProperties"] is True
    assert {"200", "400", "401", "404", "413", "429", "503", "504"} <= set(chat["responses"])
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    assert all(operation.get("tags") and operation.get("description") for operation in operations)


def start(**settings: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "services.generation.app"]
    return subprocess.run(command, env={**os.environ, **settings}, capture_output=True, text=True, timeout=60, check=False)


def test_a_busy_port_is_one_line_that_names_the_setting(front_door: str, tmp_path: Path) -> None:
    ended = start(GENERATION_PORT=front_door.rsplit(":", 1)[1], TANDEM_DATA=str(tmp_path))
    assert ended.returncode == 2
    assert "GENERATION_PORT" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_a_wrong_setting_is_one_line_that_names_it() -> None:
    ended = start(GENERATION_PORT="high")
    assert ended.returncode == 2
    assert ended.stderr.startswith("GENERATION_PORT must be an integer")
    assert len(ended.stderr.splitlines()) == 1


def test_an_invalid_default_template_ends_the_start_with_one_line(tmp_path: Path) -> None:
    template = tmp_path / "prompt.j2"
    template.write_text("{{ question }}\n{% for p in passages %}{{ p.nope }}{% endfor %}", encoding="utf-8")
    env = {**os.environ, "TANDEM_DATA": str(tmp_path), "GENERATION_PROMPT_TEMPLATE": str(template)}
    done = subprocess.run(
        [sys.executable, "-m", "services.generation.app"], env=env, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2
    assert "error in line 2" in done.stderr
    assert "Traceback" not in done.stderr


def test_while_the_engine_sleeps_for_a_training_answers_are_refused_and_the_front_door_stays_ready(
    open_front_door: FrontDoor, engine: FakeEngine, engine_url: str, tmp_path: Path
) -> None:
    engine.sleep_mode = "full"
    question = {"model": "tiny", "messages": [{"role": "user", "content": "Hello?"}]}
    with open_front_door(data=tmp_path, engine_check_seconds=0.02) as url, httpx.Client(base_url=url, timeout=60) as http:
        database = Database(f"sqlite:///{tmp_path / 'jobs.db'}")
        job_id = submit(database)
        with database.session() as session:
            jobs.claim(session, job_id, "worker", 600)
        with database.session() as session:
            request_sleep(session, engine_url, job_id)
        wait_until(lambda: engine.asleep)
        refused, ready = http.post("/v1/chat/completions", json=question), http.get("/health/ready")
        with database.session() as session:
            jobs.finish(session, job_id, "worker", "succeeded")
        wait_until(lambda: not engine.asleep and http.get("/health/ready").json()["engines"] == {"tiny": {engine_url: "up"}})
        database.close()
        assert http.post("/v1/chat/completions", json=question).status_code == 200
    assert (refused.status_code, refused.headers["retry-after"], refused.json()["error"]["code"]) == (503, "60", "engine_asleep")
    assert (ready.status_code, ready.json()["engines"]) == (200, {"tiny": {engine_url: ASLEEP}})
