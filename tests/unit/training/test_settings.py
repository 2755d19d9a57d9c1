"""The worker's settings and what is made of them."""

from pathlib import Path

import pytest

from services.training.settings import TrainingSettings
from services.training.worker import create_worker, open_workshop
from shared.records.database import Database
from shared.settings import read_settings


def test_everything_lies_in_the_data_folder_unless_it_is_moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: Database) -> None:
    monkeypatch.setenv("TANDEM_DATA", str(tmp_path))
    shop = open_workshop(TrainingSettings(), database)
    assert (shop.work, shop.adapters) == (tmp_path / "training", tmp_path / "adapters")
    monkeypatch.setenv("TRAINING_WORK", str(tmp_path / "scratch"))
    assert open_workshop(TrainingSettings(), database).work == tmp_path / "scratch"


def test_a_worker_is_wired_without_touching_its_neighbours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANDEM_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("TANDEM_BROKER_URL", "redis://127.0.0.1:1/0")
    assert create_worker(TrainingSettings()).queue == "training"


def test_a_wrong_setting_ends_the_process_and_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("TRAINING_MAX_LORA_RANK", "many")
    with pytest.raises(SystemExit) as caught:
        read_settings(TrainingSettings)
    assert caught.value.code == 2
    assert capsys.readouterr().err.startswith("TRAINING_MAX_LORA_RANK: ")
