from pathlib import Path

import pytest

from services.retrieval.embedding.embedder import Embedder
from services.retrieval.embedding.spaces import space_name


def test_a_space_is_named_after_the_model_and_its_weights_not_its_folder(tmp_path: Path) -> None:
    for folder, weights in (("here", b"one"), ("moved", b"one"), ("other", b"two")):
        (tmp_path / folder / "Some_Model").mkdir(parents=True)
        (tmp_path / folder / "Some_Model" / "config.json").write_text("{}")
        (tmp_path / folder / "Some_Model" / "model.safetensors").write_bytes(weights)
    here, moved, other = (space_name(str(tmp_path / folder / "Some_Model")) for folder in ("here", "moved", "other"))
    assert here == moved != other
    assert here.startswith("some-model-")
    assert space_name("BAAI/bge-small") != space_name("other/bge-small")


@pytest.mark.parametrize("model", ["/", "模型", "--"])
def test_every_space_has_a_name(model: str) -> None:
    assert space_name(model).startswith("model-") and len(space_name(model)) == len("model-12345678")


def test_the_space_does_not_depend_on_the_configured_name() -> None:
    assert Embedder("org/model", "auto", 1, name="old").space == space_name("org/model")
