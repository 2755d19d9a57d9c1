"""Whether a base model can be in 4 bits while an adapter is trained: QLoRA (Dettmers et al. 2023, arXiv:2305.14314).

Only linear layers are quantized. It knows the model's configuration, but no libraries and no devices.
"""

from collections.abc import Mapping
from typing import Any

from shared.contracts.fine_tuning import Method
from shared.errors import InvalidRequest
from shared.planning.experts import COUNTS

PARTS = ("text_config", "ffn_config")  # of a configuration, which may say how many experts a block has


def check_load_in_4bit(method: Method, base: str, config: Mapping[str, Any]) -> None:
    """Check that the base model can be loaded in 4 bits, if the method asks for it; `config` is the content of its `config.json`.

    Raises:
        InvalidRequest: if not.
    """
    if method.options.lora.load_in_4bit and (problem := find_quantization_problem(config)):
        param = f"{method.lora_field}.load_in_4bit"
        message = f"'{param}' must be false for '{base}', because {problem}. Leave it out, or train another base model."
        raise InvalidRequest(message, param=param, code="quantization_not_supported")


def find_quantization_problem(config: Mapping[str, Any]) -> str | None:
    """Return why a model with this configuration cannot be loaded in 4 bits, or None if it can.

    transformers keeps the experts of a block in one tensor, which bitsandbytes does not quantize: hardly any memory would be saved.
    """
    if quantization := config.get("quantization_config"):
        return f"its weights are already quantized ({quantization.get('quant_method', 'in another way')})"
    parts = [config, *(config.get(name) or {} for name in PARTS)]
    if any((part.get(name) or 0) > 1 for part in parts for name in COUNTS):
        return "the weights of its experts would not be quantized"
    return None
