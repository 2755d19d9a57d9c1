"""A wrong setting is named, in one line."""

import pytest

from services.evaluation.settings import EvaluationSettings
from shared.settings import read_settings


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVALUATION_CONCURRENCY", "3")
    monkeypatch.setenv("TANDEM_API_URL", "http://door:9")
    settings = read_settings(EvaluationSettings)
    assert (settings.concurrency, settings.common.api_url) == (3, "http://door:9")


@pytest.mark.parametrize(("name", "value"), [("EVALUATION_CONCURRENCY", "0"), ("TANDEM_KEYS", "nonsense"), ("TANDEM_LOG_FORMAT", "xml")])
def test_a_wrong_setting_ends_the_process_with_code_2_and_its_name(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as end:
        read_settings(EvaluationSettings)
    assert end.value.code == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith(f"{name} ")


def test_the_apis_that_may_write_datasets_have_keys_that_are_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    assert EvaluationSettings().external_generators == {}
    monkeypatch.setenv("EVALUATION_EXTERNAL_GENERATORS", '{"https://models.example.com/v1": "sk-1", "http://gpu:9/v1": ""}')
    settings = EvaluationSettings()
    assert settings.external_generators["https://models.example.com/v1"].get_secret_value() == "sk-1"
    assert "sk-1" not in f"{settings!r} {settings.model_dump()}"


@pytest.mark.parametrize("value", ["sk-1", "[]", '{"models.example.com": "k"}', '{"file:///etc": ""}', '{"https://u:p@a.example/v1": ""}'])
def test_an_api_that_is_no_url_ends_the_process_and_shows_no_key(
    value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EVALUATION_EXTERNAL_GENERATORS", value)
    with pytest.raises(SystemExit):
        read_settings(EvaluationSettings)
    error = capsys.readouterr().err
    assert error.startswith("EVALUATION_EXTERNAL_GENERATORS must be")
    assert "sk-1" not in error


def test_every_setting_is_described() -> None:
    assert all(field.description for field in EvaluationSettings.model_fields.values())
