"""What a fine-tuning job will take, before there is one."""

import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import delete, select
from starlette.requests import Request
from starlette.responses import Response

from shared.records.database import Database
from shared.records.models.adapters import Adapter
from shared.records.training_devices import Device, TrainingDevice, announce, record_failed_calibration, record_speed
from shared.settings import JobSettings
from tests.fake_engine import FakeEngine, error_response
from tests.fake_retrieval import FakeRetrieval
from tests.serving import serving
from tests.unit.generation.conftest import FrontDoor

PATH = "/v1/fine_tuning/estimate"
SMOLLM = {
    "model_type": "llama",
    "hidden_size": 576,
    "intermediate_size": 1536,
    "num_hidden_layers": 30,
    "num_attention_heads": 9,
    "num_key_value_heads": 3,
    "vocab_size": 49_152,
    "tie_word_embeddings": True,
}
PARAMETERS, PER_RANK = 134_515_008, 30 * (2 * 1152 + 2 * 768 + 3 * 2112)
CPU = Device(host="alpha", name="EPYC, 2 cores", base="tiny", is_gpu=False, bf16=False, free_bytes=20_000_000_000)
GPU = Device(host="beta", name="H200", base="tiny", is_gpu=True, bf16=True, free_bytes=140_000_000_000)
LINES = b"".join(
    b'{"messages": [{"role": "user", "content": "How many arms has robot %d?"}, {"role": "assistant", "content": "Two."}]}\n' % number
    for number in range(40)
)
TOKENS = 3 + 4 + 4 + 7 + 2  # as the fake engine counts an example


@pytest.fixture
def base(data: Path) -> Iterator[Path]:
    """The configuration of the shared front door's base model."""
    folder = Path(JobSettings(data=data).base_path)
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps(SMOLLM))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def database(database: Database) -> Iterator[Database]:
    with database.session() as session:
        session.execute(delete(TrainingDevice))
    yield database
    with database.session() as session:
        session.execute(delete(TrainingDevice))


def estimate(http: httpx.Client, **body: Any) -> dict[str, Any]:
    response = http.post(PATH, json={"model": "tiny", **body})
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def method_of(lora: dict[str, Any] | None = None, **hyperparameters: Any) -> dict[str, Any]:
    return {"type": "supervised", "supervised": {"hyperparameters": hyperparameters, "lora": lora or {}}}


def put(database: Database, device: Device, tokens_per_second: float | None = None) -> None:
    with database.session() as session:
        announce(session, device)
        if tokens_per_second:
            record_speed(session, device, tokens_per_second)


@pytest.mark.usefixtures("base", "database")
def test_without_a_file_and_without_workers_parameters_and_memory_are_known(http: httpx.Client) -> None:
    found = estimate(http, method=method_of({"rank": 8}, batch_size=4, max_length=256, n_epochs=3))
    assert (found["object"], found["model"], found["base"]) == ("fine_tuning.estimate", "tiny", "tiny")
    assert (found["parameters"], found["trained_parameters"]["lora"]) == (PARAMETERS, 8 * PER_RANK)
    assert found["trained_parameters"]["full"] == PARAMETERS
    assert found["trainable_here"] == {"full": False, "lora": True, "qlora": False}
    assert (found["batch_size"], found["length"], found["n_epochs"], found["tokens"], found["devices"]) == (4, 256, 3, None, [])
    assert [(each["device"], each["dtype"], each["examples_at_a_time"]) for each in found["memory"]] == [
        ("cpu", "bfloat16", 4),
        ("gpu", "bfloat16", 4),
    ]
    assert "Without 'training_file'" in found["detail"]


@pytest.mark.usefixtures("base", "database")
def test_the_parts_of_memory_are_those_of_the_method(http: httpx.Client) -> None:
    memory = estimate(http, method=method_of({"rank": 8}))["memory"][0]
    full, lora, qlora = memory["full"], memory["lora"], memory["qlora"]
    assert (full["weights"], full["gradients"], full["optimizer"]) == (2 * PARAMETERS, 2 * PARAMETERS, 4 * PARAMETERS)
    adapter = 8 * PER_RANK
    assert (lora["weights"], lora["gradients"], lora["optimizer"]) == (2 * PARAMETERS + 4 * adapter, 4 * adapter, 8 * adapter)
    assert qlora["peak"] < lora["peak"] < full["peak"]
    for parts in (full, lora, qlora):
        assert parts.pop("peak") == sum(parts.values())  # a batch of 16 examples with 2,048 tokens has several parts


@pytest.mark.usefixtures("base")
def test_time_and_cost_follow_from_the_file_and_the_speed_of_the_last_training(
    http: httpx.Client, retrieval: FakeRetrieval, database: Database
) -> None:
    put(database, CPU, 200.0)
    put(database, GPU)
    file = retrieval.add_file(LINES)
    found = estimate(http, training_file=file, method=method_of(n_epochs=5, batch_size=8), prices={"training_hour": 3.6})
    assert found["tokens"] == {"examples": 40, "longest": TOKENS, "per_epoch": 40 * TOKENS, "total": 200 * TOKENS, "is_sample": False}
    assert (found["length"], found["n_epochs"], found["batch_size"]) == (TOKENS, 5, 8)
    cpu, gpu = found["devices"]
    assert (cpu["seconds"], cpu["cost"], cpu["tokens_per_second"]) == (TOKENS, pytest.approx(TOKENS / 1000), 200.0)
    assert "at 200 tokens/s, the speed of the last training" in cpu["detail"]
    assert cpu["measured_by"] == "training"
    assert (gpu["seconds"], gpu["cost"], gpu["measured_at"], gpu["measured_by"]) == (None, None, None, None)
    assert "the worker measures its speed with 'tiny' when it has no job. Ask again in about a minute." in gpu["detail"]
    assert [(each["device"], each["dtype"]) for each in found["memory"]] == [("cpu", "float32"), ("gpu", "bfloat16")]


def read_requests(database: Database) -> dict[str, float | None]:
    with database.session() as session:
        return {row.host: row.calibration_requested_at for row in session.scalars(select(TrainingDevice))}


@pytest.mark.usefixtures("base")
def test_an_estimate_asks_the_workers_for_speeds_that_are_not_known(
    http: httpx.Client, retrieval: FakeRetrieval, database: Database
) -> None:
    put(database, CPU, 200.0)
    put(database, GPU)
    file = retrieval.add_file(LINES)
    estimate(http, training_file=file)
    requests = read_requests(database)
    assert requests["alpha"] is None
    assert requests["beta"] is not None
    estimate(http, training_file=file)
    assert read_requests(database) == requests
    with database.session() as session:
        record_speed(session, GPU, 9000.0, "calibration")
    gpu = estimate(http, training_file=file, method=method_of(n_epochs=5), prices={"training_hour": 3.6})["devices"][1]
    assert (gpu["tokens_per_second"], gpu["measured_by"], gpu["cost"]) == (
        9000.0,
        "calibration",
        pytest.approx(200 * TOKENS / 9000 / 1000, abs=1e-6),
    )
    assert "at 9000 tokens/s, which was measured in a few steps on such a device" in gpu["detail"]


@pytest.mark.usefixtures("base")
def test_an_estimate_tells_why_a_speed_could_not_be_measured(http: httpx.Client, database: Database) -> None:
    put(database, CPU)
    with database.session() as session:
        record_failed_calibration(session, CPU, "The disk is full.")
    (cpu,) = estimate(http)["devices"]
    expected = "the worker could not measure its speed with 'tiny'. The disk is full. An estimate in an hour tries again."
    assert expected in cpu["detail"]
    assert read_requests(database) == {"alpha": None}


@pytest.mark.usefixtures("base")
def test_auto_is_what_the_worker_would_choose(http: httpx.Client, retrieval: FakeRetrieval, database: Database) -> None:
    put(database, CPU, 200.0)
    found = estimate(http, training_file=retrieval.add_file(LINES))
    assert (found["n_epochs"], found["batch_size"], found["max_length"]) == (4, 4, 2048)
    assert found["devices"][0]["cost"] is None


@pytest.mark.usefixtures("base", "database")
def test_examples_are_cut_at_the_maximum_length(http: httpx.Client, retrieval: FakeRetrieval) -> None:
    found = estimate(http, training_file=retrieval.add_file(LINES), method=method_of(max_length=16))
    assert (found["tokens"]["longest"], found["tokens"]["per_epoch"], found["length"]) == (16, 16 * 40, 16)


@pytest.mark.usefixtures("base")
@pytest.mark.parametrize(("free", "fits"), [(20_000_000_000, "yes"), (1_600_000_000, "slower"), (500_000_000, "no")])
def test_a_training_fits_at_once_or_in_smaller_parts_or_not_at_all(http: httpx.Client, database: Database, free: int, fits: str) -> None:
    put(database, Device(**{**vars(CPU), "bf16": True, "free_bytes": free}))
    found = estimate(http, method=method_of(batch_size=8, max_length=128))
    assert found["devices"][0]["fits"]["lora"] == fits


PAIRS = b"".join(
    b'{"input": {"messages": [{"role": "user", "content": "How many arms has robot %d?"}]},'
    b' "preferred_output": [{"role": "assistant", "content": "Two."}],'
    b' "non_preferred_output": [{"role": "assistant", "content": "I think it is two."}]}\n' % number
    for number in range(40)
)


@pytest.mark.usefixtures("base")
def test_a_preference_pair_takes_the_memory_of_two_chats_and_the_time_of_a_pass_before_the_training(
    http: httpx.Client, retrieval: FakeRetrieval, database: Database
) -> None:
    put(database, CPU, 200.0)
    dpo = {"type": "dpo", "dpo": {"hyperparameters": {"n_epochs": 2, "batch_size": 4}, "lora": {"rank": 8}}}
    found = estimate(http, training_file=retrieval.add_file(PAIRS), method=dpo)
    tokens, longer = found["tokens"], found["length"] // 2
    assert longer > TOKENS
    assert (tokens["longest"], tokens["per_epoch"], tokens["total"]) == (2 * longer, 80 * longer, 160 * longer)
    assert found["devices"][0]["seconds"] == pytest.approx((160 + 40) * longer / 200, abs=0.1)
    chats = estimate(http, method=method_of({"rank": 8}, batch_size=4, max_length=2 * longer))
    assert found["memory"][0]["lora"] == chats["memory"][0]["lora"]
    assert estimate(http, method={**dpo, "dpo": {"hyperparameters": {"max_length": 100}}})["length"] == 200


@pytest.mark.usefixtures("base", "database")
def test_a_file_of_the_other_method_is_refused(http: httpx.Client, retrieval: FakeRetrieval) -> None:
    for content, method in ((LINES, {"type": "dpo"}), (PAIRS, {"type": "supervised"})):
        response = http.post(PATH, json={"model": "tiny", "training_file": retrieval.add_file(content), "method": method})
        assert (response.status_code, response.json()["error"]["code"]) == (400, "invalid_training_file")


class DeafEngine(FakeEngine):
    """An engine that does not count tokens."""

    async def _tokenize(self, _: Request) -> Response:
        return error_response(503, "service_unavailable_error", "The engine is loading.")


def test_if_the_engine_counts_nothing_the_answer_says_so(base: Path, retrieval: FakeRetrieval, open_front_door: FrontDoor) -> None:
    with ExitStack() as stack:
        engine_url = stack.enter_context(serving(DeafEngine().app()))
        url = stack.enter_context(open_front_door({"base_model": str(base)}, engine_url=engine_url))
        found = estimate(stack.enter_context(httpx.Client(base_url=url, timeout=60)), training_file=retrieval.add_file(LINES))
    assert (found["tokens"], found["length"], found["batch_size"], found["devices"]) == (None, 2048, 4, [])
    assert found["detail"].startswith("The tokens could not be counted")


@pytest.mark.usefixtures("base", "database")
@pytest.mark.parametrize(
    ("body", "status", "param"),
    [
        ({"model": "none"}, 404, "model"),
        ({"training_file": "file-no"}, 400, "training_file"),
        ({"method": method_of({"rank": 32})}, 400, "method.supervised.lora.rank"),
        ({"method": method_of(max_length=4096)}, 400, "method.supervised.hyperparameters.max_length"),
        ({"method": {"type": "reinforcement"}}, 400, "method.type"),
        ({"method": {"type": "dpo", "dpo": {"hyperparameters": {"packing": True}}}}, 400, "method.dpo.hyperparameters.packing"),
        ({"prices": {"training_hour": -1}}, 400, "prices.training_hour"),
        ({"suffix": "x"}, 400, "suffix"),
    ],
)
def test_what_a_job_is_refused_for_cannot_be_estimated(http: httpx.Client, body: dict[str, Any], status: int, param: str) -> None:
    response = http.post(PATH, json={"model": "tiny", **body})
    assert (response.status_code, response.json()["error"]["param"]) == (status, param)


@pytest.mark.usefixtures("base", "database")
@pytest.mark.parametrize(
    ("content", "hyperparameters"), [(LINES + b"{\n", {}), (b"", {}), (LINES, {"n_epochs": 1, "batch_size": 20, "warmup_steps": 2})]
)
def test_a_file_is_refused_as_by_a_job(
    http: httpx.Client, retrieval: FakeRetrieval, content: bytes, hyperparameters: dict[str, Any]
) -> None:
    body = {"model": "tiny", "training_file": retrieval.add_file(content), "method": method_of(**hyperparameters)}
    job, estimated = http.post("/v1/fine_tuning/jobs", json=body), http.post(PATH, json=body)
    assert job.status_code == 400
    assert estimated.json() == job.json()


@pytest.mark.usefixtures("database")
def test_a_configuration_without_sizes_and_one_that_is_missing_are_errors(http: httpx.Client, base: Path) -> None:
    (base / "config.json").write_text(json.dumps({"model_type": "odd"}))
    response = http.post(PATH, json={"model": "tiny"})
    assert (response.status_code, response.json()["error"]["code"]) == (400, "model_not_supported")
    assert "its 'config.json' does not have 'hidden_size'" in response.json()["error"]["message"]
    (base / "config.json").unlink()
    response = http.post(PATH, json={"model": "tiny"})
    assert (response.status_code, response.json()["error"]["code"]) == (503, "base_model_missing")


@pytest.mark.usefixtures("base")
def test_an_adapter_is_estimated_with_its_own_shape(http: httpx.Client, database: Database) -> None:
    name = "ft:tiny:default:style:abcdefgh1234"
    manifest = {"lora": {"rank": 4, "alpha": 8.0, "target_modules": ["q_proj"]}}
    with database.session() as session:
        session.add(Adapter(name=name, project_id="default", base="tiny", job_id="ftjob-1", manifest=manifest, created_at=7))
    assert estimate(http, model=name)["trained_parameters"]["lora"] == 4 * 30 * 1152
    response = http.post(PATH, json={"model": name, "method": method_of({"rank": 8})})
    assert (response.status_code, response.json()["error"]["param"]) == (400, "method.supervised.lora.rank")
