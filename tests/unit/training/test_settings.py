"""A wrong setting ends the process, and the message names it."""

import pytest

from services.training.settings import TrainingSettings
from shared.settings import read_settings


def test_a_wrong_setting_ends_the_process_with_code_2_and_its_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRAINING_MAX_LORA_RANK", "many")
    with pytest.raises(SystemExit) as caught:
        read_settings(TrainingSettings)
    assert caught.value.code == 2
    assert capsys.readouterr().err.startswith("TRAINING_MAX_LORA_RANK ")


def test_every_setting_is_described() -> None:
    assert all(field.description for field in TrainingSettings.model_fields.values())


def test_an_empty_variable_means_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    defaults = read_settings(TrainingSettings)
    for name in ("MAX_JOBS_PER_PROJECT", "WORK", "MAX_LENGTH"):
        monkeypatch.setenv(f"TRAINING_{name}", "")
    assert read_settings(TrainingSettings) == defaults
    assert defaults.max_jobs_per_project is None


def test_the_limit_for_the_jobs_of_a_project_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAINING_MAX_JOBS_PER_PROJECT", "2")
    assert read_settings(TrainingSettings).max_jobs_per_project == 2


@pytest.mark.parametrize(
    ("gpu", "is_valid"),
    [("", True), ("1", True), ("GPU-8f2b-11", True), ("MIG-GPU-8f2b/1/0", True), ("0,1", True), ("0,", False), ("0;1", False)],
)
def test_a_worker_has_the_gpus_that_are_named(monkeypatch: pytest.MonkeyPatch, gpu: str, is_valid: bool) -> None:
    monkeypatch.setenv("TRAINING_GPU", gpu)
    if is_valid:
        assert read_settings(TrainingSettings).gpu == gpu
    else:
        with pytest.raises(SystemExit):
            read_settings(TrainingSettings)
