"""Only configurations that the engine serves as PEFT would are accepted, and only what was checked is served."""

import json
from pathlib import Path
from typing import Any

import pytest

from deploy.errors.wording import faults
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
    ("option", "value", "problem"),
    [
        ("peft_type", "LOHA", "must be 'LORA'; got 'LOHA'."),
        ("peft_type", None, "must be 'LORA'; got null."),
        ("task_type", "SEQ_CLS", "must be 'CAUSAL_LM'; got 'SEQ_CLS'."),
        ("r", 0, "must be at least 1; got 0."),
        ("r", "4", 'must be an integer; got the string "4".'),
        ("r", True, "must be an integer; got true."),
        ("lora_alpha", float("nan"), "must be a finite number; JSON has no NaN or Infinity."),
        ("lora_alpha", float("inf"), "must be a finite number; JSON has no NaN or Infinity."),
        ("lora_alpha", 0, "must be greater than 0; got 0."),
        ("bias", "all", "must be 'none'; got 'all'."),
        ("use_rslora", "yes", 'must be a boolean; got the string "yes".'),
    ],
)
def test_an_option_of_another_type_is_named(tmp_path: Path, option: str, value: Any, problem: str) -> None:
    message = refuse(tmp_path, make_config(**{option: value}))
    assert (message, faults(message)) == (f"'{option}' in 'adapter_config.json' {problem}", [])


def test_a_missing_option_is_named(tmp_path: Path) -> None:
    options = {name: value for name, value in json.loads(make_config()).items() if name != "lora_alpha"}
    assert refuse(tmp_path, json.dumps(options).encode()) == "'lora_alpha' in 'adapter_config.json' is required."


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


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "is not valid JSON: a value is missing or is not valid; strings need double quotes (line 1, column 1)."),
        (b'{\n"r" 4}', "is not valid JSON: a colon is missing after a key (line 2, column 5)."),
        (b"[]", "must be an object; got a list."),
        (b"null", "must be an object; got null."),
        (b"\xff\xfe", "is not valid JSON in UTF-8."),
        (b"\x80\x04\x95", "is not valid JSON in UTF-8."),
        (b"[" * 100_000, "is nested too deeply."),
    ],
)
def test_a_file_that_is_no_configuration_is_refused(tmp_path: Path, content: bytes, problem: str) -> None:
    message = refuse(tmp_path, content)
    assert (message, faults(message)) == (f"'adapter_config.json' {problem}", [])
