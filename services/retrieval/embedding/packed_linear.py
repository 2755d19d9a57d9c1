"""Linear layers in bfloat16 on a CPU, with weights in oneDNN's layout, so that they are not converted in every call.

torch's compiler does the same for models whose weights are frozen; this is for a model that is not compiled. Knows no model.
"""

from typing import Any

import torch
from torch import nn

ROWS = 1024  # the batch size that the layout is chosen for; other sizes work too


class PackedLinear(nn.Module):
    """Computes the same as the `nn.Linear` it is made from; its weights can no longer be read or trained."""

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        self._weight = torch.ops.mkldnn._reorder_linear_weight(linear.weight.detach(), ROWS)
        self._bias = None if linear.bias is None else linear.bias.detach()

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """Return `rows` (…, in) times the weights plus the bias: (…, out)."""
        product: torch.Tensor = torch.ops.mkldnn._linear_pointwise(rows, self._weight, self._bias, "none", [], "")
        return product


def pack_linear_layers(model: Any) -> None:
    """Replace every linear layer of `model`, which must be in bfloat16 on the CPU.

    Raises:
        Exception: whatever torch raises if this build of it, or the processor, cannot do it.
    """
    with torch.inference_mode(False), torch.no_grad():
        for name, layer in list(model.named_children()):
            if type(layer) is nn.Linear:
                setattr(model, name, PackedLinear(layer))
            else:
                pack_linear_layers(layer)
