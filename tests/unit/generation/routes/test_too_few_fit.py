"""A job whose examples are cut off before their answers is refused when it is created, and by the checks before."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.errors.wording import faults
from tests.fake_retrieval import FakeRetrieval
from tests.serving import wait_until
from tests.unit.generation.conftest import FrontDoor
from tests.unit.generation.routes.test_estimate import SMOLLM
from tests.unit.generation.routes.test_validate_tokens import GOOD, line, validate_training

JOBS = "/v1/fine_tuning/jobs"
SHORT = {"type": "supervised", "supervised": {"hyperparameters": {"max_length": 16}}}
LONG = b"".join(line("word " * 40 + str(number)) for number in range(12))
REMEDY = "at least 10 must fit. Shorten or split long examples, or raise 'max_length'."


@pytest.fixture
def http(open_front_door: FrontDoor, tmp_path: Path) -> Iterator[httpx.Client]:
    (tmp_path / "tiny").mkdir()
    (tmp_path / "tiny" / "config.json").write_text(json.dumps(SMOLLM))
    with (
        open_front_door({"base_model": str(tmp_path / "tiny")}, data=tmp_path) as url,
        httpx.Client(base_url=url, timeout=60) as client,
    ):
        yield client


def refusal(response: httpx.Response) -> tuple[str, str, str]:
    assert response.status_code == 400, response.text
    error = response.json()["error"]
    return error["param"], error["code"], error["message"]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (LONG, "None of the 12 examples fits"),
        (LONG + line("Hi?") * 3, "Only 3 of the 15 examples fit"),
        (LONG + line("Hi?"), "Only 1 of the 13 examples fits"),
    ],
)
def test_a_file_of_which_too_little_fits_is_refused_alike(http: httpx.Client, retrieval: FakeRetrieval, content: bytes, found: str) -> None:
    body = {"model": "tiny", "training_file": retrieval.add_file(content), "method": SHORT}
    message = f"{found} into 16 tokens; {REMEDY}"
    assert refusal(http.post(JOBS, json=body)) == ("training_file", "invalid_n_examples", message)
    assert refusal(http.post("/v1/fine_tuning/estimate", json=body)) == ("training_file", "invalid_n_examples", message)
    file = validate_training(http, **body)
    assert (file["valid"], [(each["code"], each["message"]) for each in file["problems"]]) == (False, [("invalid_n_examples", message)])
    assert faults(message) == []
    assert http.post(JOBS, json={**body, "method": {"type": "supervised"}}).status_code == 200


def test_a_validation_file_of_which_nothing_fits_is_refused(http: httpx.Client, retrieval: FakeRetrieval) -> None:
    files = {"training_file": retrieval.add_file(line("Hi?") * 12), "validation_file": retrieval.add_file(line("word " * 40))}
    message = "The example does not fit into 16 tokens; at least 1 must fit. Shorten or split long examples, or raise 'max_length'."
    error = refusal(http.post(JOBS, json={"model": "tiny", **files, "method": SHORT}))
    assert error == ("validation_file", "invalid_n_examples", message)


def test_a_job_is_refused_only_if_it_is_certain(http: httpx.Client, retrieval: FakeRetrieval) -> None:
    body = {"model": "tiny", "training_file": retrieval.add_file(LONG * 20), "method": SHORT}
    assert http.post(JOBS, json=body).status_code == 200  # only a sample is counted
    answered = b"".join(line("Hi?", "word " * 40 + str(number)) for number in range(12))
    body["training_file"] = retrieval.add_file(answered)
    assert http.post(JOBS, json=body).status_code == 200
    estimated = http.post("/v1/fine_tuning/estimate", json=body).json()
    assert "12 of 12 examples have more than 16 tokens, such as line 1 with " in estimated["detail"]


def test_a_large_file_of_which_too_little_fits_fails_before_it_is_queued(
    http: httpx.Client, retrieval: FakeRetrieval, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.generation.jobs.finetune.MAX_IMMEDIATE_BYTES", 100)
    job = http.post(JOBS, json={"model": "tiny", "training_file": retrieval.add_file(LONG), "method": SHORT}).json()
    wait_until(lambda: http.get(f"{JOBS}/{job['id']}").json()["status"] == "failed")
    assert http.get(f"{JOBS}/{job['id']}").json()["error"]["code"] == "invalid_n_examples"


@pytest.mark.parametrize(
    ("max_length", "expected"), [(32, 32), ("auto", 2048), (100_000, 2048), (None, 2048), ("many", 2048), (True, 2048)]
)
def test_validation_counts_what_the_methods_max_length_cuts(
    http: httpx.Client, retrieval: FakeRetrieval, max_length: Any, expected: int
) -> None:
    method = {"type": "supervised", "supervised": {"hyperparameters": {"max_length": max_length}}}
    file = validate_training(http, model="tiny", training_file=retrieval.add_file(GOOD + line("word " * 40)), method=method)
    assert (file["valid"], file["tokens"]["max_length"], file["tokens"]["longer_than_max_length"]) == (True, expected, int(expected == 32))
    assert file["tokens"]["advice"]["max_length"] == 64
    messages = [each["message"] for each in file["warnings"] if each["code"] == "long_examples"]
    assert messages == [
        "1 of 13 examples has more than 32 tokens, such as line 13 with 55. Training truncates them, so the model does not learn how "
        "they end: split or shorten them, or raise 'max_length'."
    ] * (expected == 32)
