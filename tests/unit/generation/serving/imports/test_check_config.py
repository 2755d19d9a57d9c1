"""Only configurations that the engine serves as PEFT would are accepted, and only what was checked is served."""

import json
from pathlib import Path
from typing import Any

import pytest

from services.generation.serving.imports.check_config import UNSUPPORTED, read_config, write_config
from shared.errors import InvalidRequest
from tests.unit.generation.serving.imports.archives import make_config


def write(path: Path, content: bytes) -> Path:
    file = path / "adapter_config.json"
    file.write_bytes(content)
    return file


def refuse(path: Path, content: bytes) -> str:
    with pytest.raises(InvalidRequest) as raised:
        read_config(write(path, content))
    assert (raised.value.param, raised.value.code) == ("file", "adapter_unfit")
    return raised.value.message


def test_what_is_served_has_the_checked_values_and_nothing_else(tmp_path: Path) -> None:
    config = read_config(write(tmp_path, make_config(use_rslora=True, auto_mapping={"x": 1}, base_model_name_or_path="../../etc")))
    write_config(config, ["q_proj"], "/models/base", tmp_path / "served.json")
    assert json.loads((tmp_path / "served.json").read_text()) == {
        "base_model_name_or_path": "/models/base",
        "bias": "none",
        "inference_mode": True,
        "lora_alpha": 8.0,
        "peft_type": "LORA",
        "r": 4,
        "target_modules": ["q_proj"],
        "task_type": "CAUSAL_LM",
        "use_rslora": True,
    }


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("peft_type", "LOHA"),
        ("peft_type", None),
        ("task_type", "SEQ_CLS"),
        ("r", 0),
        ("r", "4"),
        ("r", True),
        ("lora_alpha", float("nan")),
        ("lora_alpha", float("inf")),
        ("lora_alpha", 0),
        ("bias", "all"),
        ("use_rslora", "yes"),
    ],
)
def test_an_option_of_another_type_is_named(tmp_path: Path, option: str, value: Any) -> None:
    assert refuse(tmp_path, make_config(**{option: value})).startswith(f"'{option}' in 'adapter_config.json' is not valid: ")


@pytest.mark.parametrize("option", UNSUPPORTED)
def test_an_option_that_changes_what_is_computed_is_refused(tmp_path: Path, option: str) -> None:
    assert f"An adapter with '{option}' cannot be imported." in refuse(tmp_path, make_config(**{option: {"q_proj": 2}}))
    nothings: tuple[Any, ...] = (None, False, [], {})
    for nothing in nothings:
        read_config(write(tmp_path, make_config(**{option: nothing})))


@pytest.mark.parametrize("initialization", ["pissa", "pissa_niter_16", "PiSSA", "olora", "corda", "loftq"])
def test_an_initialization_that_changes_the_base_model_is_refused(tmp_path: Path, initialization: str) -> None:
    assert "changes the base model's weights" in refuse(tmp_path, make_config(init_lora_weights=initialization))
    read_config(write(tmp_path, make_config(init_lora_weights="gaussian")))


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"r": 4}', b"\x80\x04\x95"])
def test_a_file_that_is_no_configuration_is_refused(tmp_path: Path, content: bytes) -> None:
    assert "'adapter_config.json' is not valid" in refuse(tmp_path, content)
