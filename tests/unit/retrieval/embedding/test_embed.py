from pathlib import Path

import pytest

from services.retrieval.embedding.embed import Embedder


def space(model: str) -> str:
    return Embedder(model, "auto", 1).space


def test_a_space_is_named_after_the_model_and_its_weights_wherever_they_lie(tmp_path: Path) -> None:
    for folder, weights in (("here", b"one"), ("moved", b"one"), ("other", b"two")):
        (tmp_path / folder / "Some_Model").mkdir(parents=True)
        (tmp_path / folder / "Some_Model" / "config.json").write_text("{}")
        (tmp_path / folder / "Some_Model" / "model.safetensors").write_bytes(weights)
    here, moved, other = (space(str(tmp_path / folder / "Some_Model")) for folder in ("here", "moved", "other"))
    assert here == moved != other
    assert here.startswith("some-model-")
    assert space("BAAI/bge-small") != space("other/bge-small")


@pytest.mark.parametrize("model", ["/", "模型", "--"])
def test_a_space_always_has_a_name(model: str) -> None:
    assert space(model).startswith("model-") and len(space(model)) == len("model-12345678")


def test_a_space_stays_when_its_model_is_given_another_name() -> None:
    assert Embedder("org/model", "auto", 1, name="old").space == space("org/model")
