"""Linear layers in bfloat16 on a CPU with their weights laid out once as oneDNN wants them, instead of anew in every call.

What torch's own compiler does with a model whose weights stay as they are, for a model that is not compiled. Knows no model.
"""

from typing import Any

import torch
from torch import nn

ROWS = 1024  # of the batches that the layout is chosen for; any number works


class PackedLinear(nn.Module):
    """Computes what the `nn.Linear` it is made from computes; its weights cannot be read or trained any more."""

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        self._weight = torch.ops.mkldnn._reorder_linear_weight(linear.weight.detach(), ROWS)
        self._bias = None if linear.bias is None else linear.bias.detach()

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """Return `rows` (…, in) times the weights plus the bias: (…, out)."""
        product: torch.Tensor = torch.ops.mkldnn._linear_pointwise(rows, self._weight, self._bias, "none", [], "")
        return product


def pack(model: Any) -> None:
    """Replace every linear layer in `model`, which must be in bfloat16 on the CPU.

    Raises:
        Exception: whatever torch says where this build of it, or the processor, cannot.
    """
    with torch.inference_mode(False), torch.no_grad():
        for name, layer in list(model.named_children()):
            if type(layer) is nn.Linear:
                setattr(model, name, PackedLinear(layer))
            else:
                pack(layer)
