"""A compose file passes on variables that nobody has set as empty ones. They mean what a missing variable means."""

import pytest

from services.evaluation.settings import EvaluationSettings
from services.generation.settings import GenerationSettings
from services.retrieval.settings import RetrievalSettings
from services.training.settings import TrainingSettings
from shared.settings import read_settings

Settings = RetrievalSettings | GenerationSettings | TrainingSettings | EvaluationSettings
SETTINGS: tuple[type[Settings], ...] = (RetrievalSettings, GenerationSettings, TrainingSettings, EvaluationSettings)


@pytest.mark.parametrize("settings", SETTINGS, ids=lambda each: each.__name__)
def test_an_empty_variable_means_the_default(settings: type[Settings], monkeypatch: pytest.MonkeyPatch) -> None:
    defaults = read_settings(settings)
    for own in (settings, type(defaults.common)):
        for name in set(own.model_fields) - {"common"}:
            monkeypatch.setenv(f"{own.model_config['env_prefix']}{name}".upper(), "")
    assert read_settings(settings) == defaults
