"""A frozen linear layer and its LoRA adapter (Hu et al. 2021), computed together: `y = x W' + s (x A') B'`.

PEFT converts the input to float32 for the adapter and autocast converts it back, multiplies the adapter's output by the scale, and adds
it in another pass; the backward pass does the same once more. Here, the adapter's product is added into the frozen layer's.
"""

from typing import Any

import torch
from peft.tuners.lora.layer import Linear
from torch import nn

Rows = torch.Tensor


class AdaptedLinear(torch.autograd.Function):
    """The product, and its gradients. The frozen weights get none."""

    @staticmethod
    def forward(ctx: Any, x: Rows, weight: Rows, bias: Rows | None, down: Rows, up: Rows, scale: float) -> Rows:
        """Return (…, out). `x` is (…, in), `weight` (out, in), `down` (rank, in), `up` (out, rank)."""
        rows = x.reshape(-1, x.shape[-1]).to(weight.dtype)
        narrow, wide = down.to(weight.dtype), (up * scale).to(weight.dtype)
        inner = rows @ narrow.t()
        product = torch.nn.functional.linear(rows, weight, bias).addmm_(inner, wide.t())
        ctx.save_for_backward(rows, inner, weight, narrow, wide)
        ctx.scale, ctx.x_dtype, ctx.adapter_dtype = scale, x.dtype, down.dtype
        return product.view(*x.shape[:-1], -1)

    @staticmethod
    def backward(ctx: Any, gradient: Rows) -> tuple[Rows | None, ...]:
        """Return the gradients of `x`, `down` and `up`."""
        rows, inner, weight, narrow, wide = ctx.saved_tensors
        outer = gradient.reshape(-1, gradient.shape[-1]).to(weight.dtype)
        towards_inner = outer @ wide
        d_down = (towards_inner.t() @ rows).to(ctx.adapter_dtype)
        d_up = (outer.t() @ inner).to(ctx.adapter_dtype).mul_(ctx.scale)
        d_x = None
        if ctx.needs_input_grad[0]:
            d_x = (outer @ weight).addmm_(towards_inner, narrow).view(*gradient.shape[:-1], -1).to(ctx.x_dtype)
        return d_x, None, None, d_down, d_up, None


class FusedLoraLinear(Linear):
    """PEFT's layer, which computes both in one function if there is one plain adapter, and otherwise as PEFT does."""

    def forward(self, x: torch.Tensor, *args: Any, **kwargs: Any) -> torch.Tensor:
        """Return what PEFT's layer returns, up to rounding."""
        name = self._find_plain_adapter()
        if name is None or args or kwargs:
            return super().forward(x, *args, **kwargs)
        base = self.base_layer
        product: torch.Tensor = AdaptedLinear.apply(  # type: ignore[no-untyped-call]
            x, base.weight, base.bias, self.lora_A[name].weight, self.lora_B[name].weight, self.scaling[name]
        )
        return product

    def _find_plain_adapter(self) -> str | None:
        """Return the name of the only active adapter, or None if there are more, or if it has dropout now."""
        names = [name for name in self.active_adapters if name in self.lora_A]
        if len(names) != 1 or self.disable_adapters or self.merged:
            return None
        dropout = self.lora_dropout[names[0]]
        has_dropout = self.training and not isinstance(dropout, nn.Identity)
        return None if has_dropout or self.lora_variant else names[0]


def fuse_adapters(model: nn.Module) -> None:
    """Let the adapted linear layers of PEFT's `model`, whose weights are on the processor, compute both parts together."""
    for layer in model.modules():
        if type(layer) is Linear and type(layer.base_layer) is nn.Linear and not any(layer.lora_bias.values()):
            layer.__class__ = FusedLoraLinear
