"""Puts these computations in the places of those that they replace."""

from typing import Any

import trl.trainer.utils
from torch import nn

from services.training.kernels.adapted_linear import fuse_adapters
from services.training.kernels.attention import use_block_attention
from services.training.kernels.output_layer import OutputLayer
from services.training.kernels.rms_norm import FusedRmsNorm

# These layers of transformers are alike: they normalize in float32, round, and multiply by the weight.
NORMS = frozenset({"GraniteRMSNorm", "LlamaRMSNorm", "MistralRMSNorm", "Phi3RMSNorm", "Qwen2RMSNorm", "Qwen3RMSNorm", "SmolLM3RMSNorm"})


def use_kernels(model: Any) -> None:
    """Use them for PEFT's `model`, whose weights are on the processor, and for the output layer of every trainer of this process."""
    setattr(trl.trainer.utils, "_ChunkedLogProbFunction", OutputLayer)  # noqa: B010  it is private, and TRL's version is pinned
    use_block_attention(model.get_base_model())
    fuse_adapters(model)
    _fuse_norms(model)


def _fuse_norms(model: nn.Module) -> None:
    for parent in list(model.modules()):
        children: list[tuple[str, Any]] = list(parent.named_children())
        for name, layer in children:
            if type(layer).__name__ in NORMS and not layer.weight.requires_grad:
                setattr(parent, name, FusedRmsNorm(layer.weight, layer.variance_epsilon))
