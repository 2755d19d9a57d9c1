"""The base model is a directory, or is downloaded; a missing one is named with its setting."""

from pathlib import Path

import pytest

from services.training.data.base_model import find_base_model, read_json
from shared.errors import TandemError


def test_a_directory_is_used_as_it_is(tmp_path: Path) -> None:
    assert find_base_model(str(tmp_path)) == tmp_path


def test_a_missing_directory_is_reported_with_its_setting(tmp_path: Path) -> None:
    with pytest.raises(TandemError, match=r"\(TANDEM_BASE_MODEL\) was not found: the directory does not exist\.") as caught:
        find_base_model(str(tmp_path / "nowhere"))
    assert caught.value.code == "base_model_missing"


def test_a_model_that_cannot_be_downloaded_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> str:
        raise OSError("no network")

    monkeypatch.setattr("services.training.data.base_model.snapshot_download", fail)
    with pytest.raises(TandemError, match="it cannot be downloaded from Hugging Face") as caught:
        find_base_model("somebody/some-model")
    assert caught.value.code == "base_model_missing"


def test_a_missing_json_file_is_an_empty_object(tmp_path: Path) -> None:
    assert read_json(tmp_path / "nothing.json") == {}
