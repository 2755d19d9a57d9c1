"""Publishing: an adapter appears complete or not at all, and only once."""

import json
from pathlib import Path
from typing import Any

import pytest

from services.training.publishing.publish import find_published, prepare, record_adapters, reveal
from shared.errors import TandemError
from shared.records.database import Database
from shared.records.models.adapters import Adapter, find_adapter
from shared.records.models.check import EngineLimits
from tests.unit.training.cases import write_tensors

NAME = "ft:smollm2-135m-instruct:default:short:abcdefghijklmnop"
LIMITS = EngineLimits(max_rank=16)
LAYER = "base_model.model.model.layers.0.self_attn.q_proj"
MANIFEST = {"name": NAME, "base_name": "smollm2-135m-instruct", "seed": 7, "probes": [], "metrics": {"steps": 24}}


def publish(trained: Path, adapters: Path) -> dict[str, Any]:
    with prepare(trained, adapters, NAME, "/models/base", MANIFEST, LIMITS) as hidden:
        reveal(hidden)
    return find_published(adapters, NAME) or {}


@pytest.fixture
def trained(tmp_path: Path) -> Path:
    folder = tmp_path / "trained"
    folder.mkdir()
    write_tensors(folder / "adapter_model.safetensors", {f"{LAYER}.lora_A.weight": [4, 8], f"{LAYER}.lora_B.weight": [8, 4]})
    (folder / "adapter_config.json").write_text(json.dumps({"r": 4, "base_model_name_or_path": "somewhere else", "modules_to_save": None}))
    (folder / "README.md").write_text("a model card")
    return folder


def test_a_published_adapter_has_weights_configuration_and_manifest_and_nothing_else(trained: Path, tmp_path: Path) -> None:
    manifest = publish(trained, tmp_path / "adapters")
    folder = tmp_path / "adapters" / NAME
    assert sorted(path.name for path in folder.iterdir()) == ["adapter_config.json", "adapter_model.safetensors", "manifest.json"]
    assert json.loads((folder / "adapter_config.json").read_text())["base_model_name_or_path"] == "/models/base"
    assert json.loads((folder / "manifest.json").read_text()) == manifest == find_published(tmp_path / "adapters", NAME)
    assert {"weights_sha256", "versions", "created_at"} < set(manifest)


def test_a_crash_before_the_rename_publishes_nothing(trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: Any) -> None:
        assert [path.name for path in (tmp_path / "adapters").iterdir()] == [f".{NAME}"]
        raise OSError("the power went out")

    monkeypatch.setattr(Path, "rename", crash)
    with pytest.raises(OSError, match="power"):
        publish(trained, tmp_path / "adapters")
    monkeypatch.undo()
    assert find_published(tmp_path / "adapters", NAME) is None
    assert list((tmp_path / "adapters").iterdir()) == []


def test_an_adapter_that_is_not_revealed_leaves_nothing(trained: Path, tmp_path: Path) -> None:
    with prepare(trained, tmp_path / "adapters", NAME, "/models/base", MANIFEST, LIMITS) as hidden:
        assert (hidden / "manifest.json").exists() and find_published(tmp_path / "adapters", NAME) is None
    assert list((tmp_path / "adapters").iterdir()) == []


def test_what_a_killed_worker_left_behind_is_written_again(trained: Path, tmp_path: Path) -> None:
    hidden = tmp_path / "adapters" / f".{NAME}"
    hidden.mkdir(parents=True)
    (hidden / "adapter_model.safetensors").write_bytes(b"wei")
    publish(trained, tmp_path / "adapters")
    weights = (trained / "adapter_model.safetensors").read_bytes()
    assert (tmp_path / "adapters" / NAME / "adapter_model.safetensors").read_bytes() == weights
    assert not hidden.exists()


def test_a_published_name_never_gets_other_weights(trained: Path, tmp_path: Path) -> None:
    first = publish(trained, tmp_path / "adapters")
    weights = (trained / "adapter_model.safetensors").read_bytes()
    write_tensors(trained / "adapter_model.safetensors", {f"{LAYER}.lora_A.weight": [4, 9], f"{LAYER}.lora_B.weight": [8, 4]})
    assert publish(trained, tmp_path / "adapters") == first
    assert (tmp_path / "adapters" / NAME / "adapter_model.safetensors").read_bytes() == weights


def test_an_adapter_that_the_engine_would_refuse_is_not_published(trained: Path, tmp_path: Path) -> None:
    (trained / "adapter_config.json").write_text(json.dumps({"r": 4, "modules_to_save": ["lm_head"]}))
    with pytest.raises(TandemError, match=r"Unsupported modules_to_save: \['lm_head'\]"):
        publish(trained, tmp_path / "adapters")


def test_an_adapters_row_is_stored_once(trained: Path, tmp_path: Path, database: Database) -> None:
    manifest = publish(trained, tmp_path / "adapters")
    for expected in ([manifest], []):
        with database.session() as session:
            assert record_adapters(session, "default", "ftjob-1", [manifest]) == expected
    with database.session() as session:
        adapter = find_adapter(session, "default", NAME)
        assert session.query(Adapter).count() == 1
    assert adapter
    assert (adapter.base, adapter.step, adapter.manifest) == ("smollm2-135m-instruct", 24, manifest)
    assert (adapter.checkpoint_id or "").startswith("ftckpt_")


def test_the_row_of_an_adapter_has_the_step_of_its_weights_which_may_be_before_the_end(database: Database) -> None:
    with database.session() as session:
        record_adapters(session, "default", "ftjob-1", [{**MANIFEST, "step": 12, "created_at": 7}])
    with database.session() as session:
        assert session.get_one(Adapter, NAME).step == 12
