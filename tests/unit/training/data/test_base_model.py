"""The base model is a directory, or is downloaded; a missing one is named with its setting."""

from pathlib import Path

import pytest

from services.training.data.base_model import find_base_model, read_end_ids, read_json
from shared.errors import TandemError


def test_a_directory_is_used_as_it_is(tmp_path: Path) -> None:
    assert find_base_model(str(tmp_path)) == tmp_path


def test_a_missing_directory_is_reported_with_its_setting(tmp_path: Path) -> None:
    with pytest.raises(
        TandemError, match=r"\(TANDEM_BASE_MODEL, or TANDEM_BASE_MODELS\) was not found: the directory does not exist\."
    ) as caught:
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


@pytest.mark.parametrize(
    ("files", "ids"),
    [
        ({}, set()),
        ({"config.json": '{"eos_token_id": 2}'}, {2}),
        ({"config.json": '{"text_config": {"eos_token_id": [1, 106]}}'}, {1, 106}),
        ({"config.json": '{"eos_token_id": 2}', "generation_config.json": '{"eos_token_id": [3, 4]}'}, {3, 4}),
        ({"config.json": '{"eos_token_id": 2}', "generation_config.json": "{}"}, set()),
        ({"config.json": '{"eos_token_id": null}'}, set()),
    ],
)
def test_the_engines_end_tokens_are_read_as_vllm_does(tmp_path: Path, files: dict[str, str], ids: set[int]) -> None:
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    assert read_end_ids(tmp_path) == ids
