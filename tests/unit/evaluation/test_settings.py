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


def test_every_setting_is_described() -> None:
    assert all(field.description for field in EvaluationSettings.model_fields.values())
