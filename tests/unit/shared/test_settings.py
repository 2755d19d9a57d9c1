import pytest
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.settings import CommonSettings, JobSettings, read_settings


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="TEST_")

    port: int = Field(80, ge=1, le=65535)


def test_invalid_keys_are_an_error_that_shows_the_format() -> None:
    with pytest.raises(ValidationError, match="project:key"):
        CommonSettings(keys="no-colon")
    with pytest.raises(ValidationError, match="TANDEM_WORKER_KEY must be set"):
        CommonSettings(keys="alpha:long-enough", worker_key=None)
    with pytest.raises(ValidationError, match="not in TANDEM_KEYS"):
        CommonSettings(keys="alpha:long-enough", worker_key="long-enough")
    with pytest.raises(ValidationError, match="must not name a key twice"):
        CommonSettings(keys="alpha:long-enough,beta:long-enough", worker_key="worker-key")
    with pytest.raises(ValidationError, match="project:key"):
        CommonSettings(keys=",", worker_key="worker-key")


def test_a_project_or_base_model_that_cannot_be_part_of_a_models_name_is_refused() -> None:
    with pytest.raises(ValidationError, match="64 letters"):
        CommonSettings(keys="a/b:long-enough", worker_key="worker-key")
    with pytest.raises(ValidationError, match="TANDEM_BASE_NAME"):
        JobSettings(base_name="Org/Model")


@pytest.mark.parametrize(
    ("settings", "variable", "value", "line"),
    [
        (Settings, "TEST_PORT", "x", 'TEST_PORT must be an integer; got the string "x".'),
        (Settings, "TEST_PORT", "0", "TEST_PORT must be between 1 and 65535; got 0."),
        (CommonSettings, "TANDEM_LOG_FORMAT", "xml", "TANDEM_LOG_FORMAT must be one of 'json', 'console'; got 'xml'."),
        (CommonSettings, "TANDEM_KEYS", "a:b", "TANDEM_KEYS must be `project:key` pairs separated by commas."),
        (CommonSettings, "TANDEM_KEYS", "a:long-enough", "TANDEM_WORKER_KEY must be set if TANDEM_KEYS is:"),
    ],
)
def test_a_wrong_setting_ends_the_process_with_a_line_that_names_the_variable(
    settings: type[BaseSettings], variable: str, value: str, line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SystemExit) as caught:
        read_settings(settings)
    assert caught.value.code == 2
    assert capsys.readouterr().err.startswith(line)
