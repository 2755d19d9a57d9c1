"""How many models may be in memory. When one more is loaded, those that were used least recently are unloaded."""

import threading
from collections.abc import Iterable
from typing import Protocol


class Unloadable(Protocol):
    """A model that can be unloaded and loads itself again when it is used."""

    @property
    def is_loaded(self) -> bool:
        """Whether the model is in memory."""

    @property
    def last_used(self) -> float:
        """When the model was last used, by a monotonic clock."""

    def unload(self) -> None:
        """Free the model's memory."""


class LoadedModels:
    """The models in memory, at most `max_models`."""

    def __init__(self, max_models: int) -> None:
        self._max_models = max_models
        self._lock = threading.Lock()
        self._models: list[Unloadable] = []

    def add(self, model: Unloadable) -> None:
        """Add a model that was just loaded; unload others if there are too many now."""
        with self._lock:
            loaded = [each for each in self._models if each.is_loaded and each is not model]
            self._models = [*loaded, model]
            for excess in _least_recently_used(self._models, len(self._models) - self._max_models):
                excess.unload()


def _least_recently_used(models: Iterable[Unloadable], count: int) -> list[Unloadable]:
    return sorted(models, key=lambda model: model.last_used)[: max(count, 0)]
