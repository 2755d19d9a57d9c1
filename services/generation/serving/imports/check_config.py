"""Checks an imported adapter's configuration. What is served is a new file with the values that were checked, and nothing else.

The engine ignores options that it does not know (`lora/peft_helper.py`), and would give other answers than PEFT. So every option that
changes what an adapter computes is checked here, or must have the value that changes nothing.
"""

import json
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

from shared.errors import InvalidRequest
from shared.validation.json_problems import explain
from shared.validation.translate import parse

# They change what an adapter computes if their value counts as true. vLLM has some of them, but adapters that are trained here do not.
UNSUPPORTED = (
    "alora_invocation_tokens",
    "alpha_pattern",
    "arrow_config",
    "fan_in_fan_out",
    "layer_replication",
    "lora_bias",
    "modules_to_save",
    "rank_pattern",
    "target_parameters",
    "trainable_token_indices",
    "use_bdlora",
    "use_dora",
    "use_qalora",
)
# Others, such as PiSSA, change the base model's weights: the adapter is one of another model, unless PEFT has converted it.
INITIALIZATIONS = ("gaussian", "eva", "orthogonal", "mica", "lora_ga")


class LoraConfig(BaseModel):
    """The options of PEFT's `adapter_config.json` that a served adapter may have."""

    model_config = ConfigDict(strict=True)

    peft_type: Literal["LORA"]
    task_type: Literal["CAUSAL_LM"] | None = None
    r: int = Field(ge=1)
    lora_alpha: FiniteFloat = Field(gt=0)
    use_rslora: bool = False
    target_modules: list[str] | str | None = None
    bias: Literal["none"] = "none"


def read_config(path: Path) -> LoraConfig:
    """Return an adapter's configuration.

    Raises:
        InvalidRequest: if it is not one of a LoRA adapter, or has an option that the engine does not have.
    """
    options = _read_json(path)
    try:
        config = parse(LoraConfig, options, whole=f"'{path.name}'")
    except InvalidRequest as error:
        own = f"'{error.param}'"
        raise unfit(error.message.replace(own, f"{own} in '{path.name}'", 1) if error.param else error.message) from error
    if unsupported := next((name for name in UNSUPPORTED if options.get(name)), None):
        raise unfit(f"An adapter with '{unsupported}' cannot be imported. Train one without it.")
    initialization = options.get("init_lora_weights")
    if isinstance(initialization, str) and initialization.lower() not in INITIALIZATIONS:
        problem = f"The adapter was made with 'init_lora_weights' {initialization[:50]!r}, which changes the base model's weights."
        raise unfit(f"{problem} Save it with PEFT's 'path_initial_model_for_weight_conversion'.")
    return config


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes().decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise unfit(f"'{path.name}' is not valid JSON: {explain(error)} ({place}).") from error
    except RecursionError as error:
        raise unfit(f"'{path.name}' is nested too deeply.") from error
    except ValueError as error:
        raise unfit(f"'{path.name}' is not valid JSON in UTF-8.") from error


def write_config(config: LoraConfig, modules: list[str], base: str, path: Path) -> None:
    """Write the configuration that is served.

    `modules` are the last parts of the adapted layers' names, `base` is the base model as the engine's `--model` names it.
    """
    options = {"base_model_name_or_path": base, "inference_mode": True, "target_modules": modules}
    path.write_text(json.dumps({**config.model_dump(), "task_type": "CAUSAL_LM", **options}, indent=2, sort_keys=True))


def unfit(problem: str) -> InvalidRequest:
    """Return the error for an adapter that cannot be served."""
    return InvalidRequest(problem, param="file", code="adapter_unfit")
