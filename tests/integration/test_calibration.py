"""The speed of a device, measured because an estimate asked for it: the front door, the worker's side, and a real training process."""

import threading
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
import torch
from transformers import AutoModelForCausalLM, LlamaConfig

from services.generation.app import create_app
from services.generation.settings import GenerationSettings
from services.training.calibration.calibrate import Calibrator
from services.training.supervision.announce import DeviceAnnouncer
from services.training.supervision.run_trainer import Launch
from shared.records import MIGRATIONS
from shared.settings import JobSettings
from tests.fake_engine import FakeEngine
from tests.fake_retrieval import FakeRetrieval
from tests.migrated import open_migrated
from tests.serving import serving
from tests.unit.training.cases import dataset_of, make_facts, make_model_folder

pytestmark = pytest.mark.timeout(900)  # the cores may be busy with other work


class OneRound(threading.Event):
    """A worker that stops as soon as something waits."""

    def wait(self, timeout: float | None = None) -> bool:
        self.set()
        return True


@pytest.fixture
def base(tmp_path: Path) -> Path:
    folder = make_model_folder(tmp_path / "models" / "tiny")
    torch.manual_seed(0)
    shape: dict[str, Any] = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}
    model: Any = AutoModelForCausalLM
    model.from_config(LlamaConfig(vocab_size=258, num_key_value_heads=1, **shape)).save_pretrained(folder)
    return folder


def test_an_estimate_has_seconds_and_cost_once_the_worker_has_measured_its_speed(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.training.calibration.calibrate.MAX_SECONDS", 800.0)
    database, retrieval = open_migrated(tmp_path / "jobs.db", MIGRATIONS), FakeRetrieval()
    file = retrieval.add_file(dataset_of(make_facts(12)).encode())
    common = JobSettings.model_validate({"data": tmp_path, "base_name": "tiny", "base_model": str(base), "broker_url": "memory://"})
    with ExitStack() as stack:
        urls = {"engine_url": stack.enter_context(serving(FakeEngine().app()))}
        urls["retrieval_url"] = stack.enter_context(serving(retrieval.app()))
        url = stack.enter_context(serving(create_app(GenerationSettings.model_validate({"common": common, **urls}))))
        http = stack.enter_context(httpx.Client(base_url=url, timeout=60))

        def estimate() -> dict[str, Any]:
            body = {"model": "tiny", "training_file": file, "prices": {"training_hour": 3600.0}}
            response = http.post("/v1/fine_tuning/estimate", json=body)
            assert response.status_code == 200, response.text
            (device,) = response.json()["devices"]
            return dict(device)

        DeviceAnnouncer(database, ["tiny"]).run(OneRound())
        before = estimate()
        Calibrator(database, {"tiny": str(base)}, Launch()).calibrate_if_requested(threading.Event())
        after = estimate()
    database.close()
    assert (before["seconds"], before["cost"], before["measured_by"]) == (None, None, None)
    assert "Ask again in about a minute" in before["detail"]
    assert after["measured_by"] == "calibration", after["detail"]
    assert after["tokens_per_second"] > 0
    assert after["seconds"] > 0
    assert after["cost"] == pytest.approx(after["seconds"], abs=0.1)
    assert "measured in a few steps" in after["detail"]
