from pathlib import Path

import pytest
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.settings import CommonSettings, JobSettings, TrainableBase, read_settings


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
        (
            JobSettings,
            "TANDEM_INTEGRATIONS",
            "wandb,comet",
            "TANDEM_INTEGRATIONS must have only wandb and mlflow, separated by a comma; got 'comet'.",
        ),
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


def test_base_models_have_their_own_files_and_chat_templates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANDEM_BASE_MODEL", "/models/Tiny")
    monkeypatch.setenv("TANDEM_CHAT_TEMPLATE", "/models/tiny.jinja")
    monkeypatch.setenv("TANDEM_BASE_MODELS", '{"huge": "Org/Huge", "qwen3-8b": "/models/Qwen3-8B"}')
    monkeypatch.setenv("TANDEM_CHAT_TEMPLATES", '{"huge": "/models/huge.jinja"}')
    assert JobSettings().bases() == {
        "tiny": TrainableBase("/models/Tiny", Path("/models/tiny.jinja")),
        "huge": TrainableBase("Org/Huge", Path("/models/huge.jinja")),
        "qwen3-8b": TrainableBase("/models/Qwen3-8B"),
    }
    for name in ("TANDEM_BASE_MODELS", "TANDEM_CHAT_TEMPLATES"):
        monkeypatch.setenv(name, "")
    assert list(JobSettings().bases()) == ["tiny"]


@pytest.mark.parametrize("models", ["{", "[]", '{"Huge!": "/models/Huge"}', '{"huge": ""}', '{"huge": 5}', '{"tiny": "/models/Tiny"}'])
def test_base_models_that_cannot_be_used_are_one_line_that_names_the_setting(
    models: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TANDEM_BASE_NAME", "tiny")
    monkeypatch.setenv("TANDEM_BASE_MODELS", models)
    with pytest.raises(SystemExit):
        read_settings(JobSettings)
    message = capsys.readouterr().err
    assert message.startswith("TANDEM_BASE_MODELS must ")
    assert len(message.splitlines()) == 1


def test_a_chat_template_of_an_unknown_base_model_is_refused() -> None:
    with pytest.raises(ValidationError, match="TANDEM_CHAT_TEMPLATES must have names of TANDEM_BASE_MODELS only; got 'hugo'"):
        JobSettings(base_models={"huge": "/models/Huge"}, chat_templates={"hugo": "/models/huge.jinja"})
