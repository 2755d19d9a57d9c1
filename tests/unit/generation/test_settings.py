import pytest
from pydantic import ValidationError

from services.generation.settings import GenerationSettings
from shared.settings import JobSettings, read_settings

INVALID = ["{", "[]", '{"tiny": []}', '{"tiny": ["ftp://x"]}', '{"Tiny!": ["http://x"]}', '{"tiny": ["http://x", "http://x"]}']


@pytest.mark.parametrize("engines", INVALID)
def test_an_invalid_setting_of_engines_is_one_line_that_names_it(
    engines: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GENERATION_ENGINES", engines)
    monkeypatch.setenv("TANDEM_BASE_NAME", "tiny")
    with pytest.raises(SystemExit):
        read_settings(GenerationSettings)
    message = capsys.readouterr().err
    assert message.startswith("GENERATION_ENGINES must be ")
    assert len(message.splitlines()) == 1


def test_a_prompt_template_must_be_a_file(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("GENERATION_PROMPT_TEMPLATE", "/nowhere/prompt.j2")
    with pytest.raises(SystemExit):
        read_settings(GenerationSettings)
    assert capsys.readouterr().err.startswith("GENERATION_PROMPT_TEMPLATE must be a file")


def test_the_model_that_is_fine_tuned_must_have_an_engine() -> None:
    with pytest.raises(ValidationError, match="must have an engine for 'tiny'"):
        GenerationSettings(common=JobSettings(base_name="tiny"), engines={"huge": ["http://x"]})


def test_the_model_that_is_fine_tuned_is_the_first() -> None:
    settings = GenerationSettings(common=JobSettings(base_name="tiny"), engines={"huge": ["http://x"], "tiny": ["http://y"]})
    assert list(settings.engine_urls()) == ["tiny", "huge"]
    assert settings.engine_setting == "GENERATION_ENGINES"
    assert GenerationSettings(common=JobSettings(base_name="tiny")).engine_urls() == {"tiny": ["http://127.0.0.1:8002"]}


def test_every_model_that_can_be_fine_tuned_must_have_an_engine() -> None:
    common = JobSettings(base_name="tiny", base_models={"huge": "/models/Huge"})
    with pytest.raises(ValidationError, match=r"must have an engine for 'huge' \(TANDEM_BASE_MODELS\)"):
        GenerationSettings(common=common)
    with pytest.raises(ValidationError, match=r"must have an engine for 'huge' \(TANDEM_BASE_MODELS\)"):
        GenerationSettings(common=common, engines={"tiny": ["http://x"]})
    engines = {"huge": ["http://x"], "tiny": ["http://y"], "closed": ["http://z"]}
    assert list(GenerationSettings(common=common, engines=engines).engine_urls()) == ["tiny", "huge", "closed"]


def test_links_begin_with_the_public_url_or_the_address_of_this_machine(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    common = JobSettings(base_name="tiny")
    assert GenerationSettings(common=common, port=8010).links_url == "http://127.0.0.1:8010"
    assert GenerationSettings(common=common, host="0.0.0.0").links_url == ""
    assert GenerationSettings(common=common, host="0.0.0.0", public_url="https://tandem.example/").links_url == "https://tandem.example"
    for wrong in ("tandem.example", "ftp://tandem.example", "https://"):
        monkeypatch.setenv("GENERATION_PUBLIC_URL", wrong)
        with pytest.raises(SystemExit):
            read_settings(GenerationSettings)
        assert capsys.readouterr().err.startswith("GENERATION_PUBLIC_URL must be a URL that begins with")
