"""Root mean square normalization (Zhang and Sennrich 2019, arXiv:1910.07467) with frozen weights, which keeps only its input."""

from typing import Any

import torch
from torch import nn


class RmsNorm(torch.autograd.Function):
    """`w x / sqrt(mean(x²) + ε)`, over the last dimension, computed in float32 and rounded as transformers' Llama does."""

    @staticmethod
    def forward(ctx: Any, x: torch.Tensor, weight: torch.Tensor, epsilon: float) -> torch.Tensor:
        """Return the shape of `x`."""
        wide = x.float()
        inverse = wide.square().mean(-1, keepdim=True).add_(epsilon).rsqrt_()
        ctx.save_for_backward(x, weight, inverse)
        return (wide * inverse).to(x.dtype).mul_(weight)

    @staticmethod
    def backward(ctx: Any, gradient: torch.Tensor) -> tuple[torch.Tensor, None, None]:
        """Return the gradient of `x`."""
        x, weight, inverse = ctx.saved_tensors
        normal = x.float().mul_(inverse)
        towards_normal = (gradient * weight).float()
        share = (towards_normal * normal).mean(-1, keepdim=True)
        return towards_normal.sub_(normal.mul_(share)).mul_(inverse).to(x.dtype), None, None


class FusedRmsNorm(nn.Module):
    """Computes what the layer that it is made from does, up to rounding. The weight stays the same parameter."""

    def __init__(self, weight: nn.Parameter, epsilon: float) -> None:
        super().__init__()
        self.weight = weight
        self.variance_epsilon = epsilon

    def forward(self, hidden_states: torch.Tensor) -> torch.Tensor:
        """Return the normalized states."""
        normal: torch.Tensor = RmsNorm.apply(hidden_states, self.weight, self.variance_epsilon)  # type: ignore[no-untyped-call]
        return normal
