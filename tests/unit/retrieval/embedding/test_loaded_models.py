from dataclasses import dataclass

from services.retrieval.embedding.loaded_models import LoadedModels


@dataclass
class FakeModel:
    last_used: float
    is_loaded: bool = True

    def unload(self) -> None:
        self.is_loaded = False


def test_the_least_recently_used_model_is_unloaded_when_there_are_too_many() -> None:
    loaded_models = LoadedModels(max_models=2)
    old, recent, new = FakeModel(1.0), FakeModel(2.0), FakeModel(3.0)
    for model in (recent, old, new):
        loaded_models.add(model)
    assert [old.is_loaded, recent.is_loaded, new.is_loaded] == [False, True, True]


def test_a_model_that_was_unloaded_since_does_not_count() -> None:
    loaded_models = LoadedModels(max_models=1)
    first, second = FakeModel(1.0), FakeModel(2.0)
    loaded_models.add(first)
    first.unload()
    loaded_models.add(second)
    assert second.is_loaded


def test_a_model_that_is_loaded_again_counts_once() -> None:
    loaded_models = LoadedModels(max_models=2)
    first, second = FakeModel(1.0), FakeModel(2.0)
    for model in (first, second, first):
        loaded_models.add(model)
    assert first.is_loaded and second.is_loaded
