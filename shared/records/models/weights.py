"""What safetensors files contain: data types, shapes and names, from their headers. No weights are read.

Training and the front door find here the names of a base model's layers, and its number of weights. Knows nothing of adapters or torch.
"""

import json
import math
import re
from pathlib import Path
from typing import Any

from shared.errors import TandemError

LENGTH_BYTES = 8  # at the start of a safetensors file: the length of the JSON header that follows, little-endian
BLOCK = re.compile(r"\.\d+\.")  # the number of a block, as in `model.layers.0.self_attn.q_proj.weight`
EXPERTS = ".experts."  # stored one by one, but computed together: they are no linear layers that could be adapted
ROUTER = re.compile(r"\.(?:mlp|block_sparse_moe)\.(?:gate|router)\.weight$")  # chooses experts, and is no linear layer either

Tensors = dict[str, dict[str, Any]]


def read_header(path: Path) -> Tensors:
    """Return data type and shape of every tensor in a safetensors file.

    Raises:
        TandemError: if the file is not a complete safetensors file.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(LENGTH_BYTES), "little")
        try:
            header = json.loads(file.read(min(length, size)))
            header.pop("__metadata__", None)
            end = max((tensor["data_offsets"][1] for tensor in header.values()), default=0)
        except (ValueError, AttributeError, LookupError, TypeError) as error:
            raise TandemError(f"{path.name} is not a safetensors file.", code="adapter_unfit") from error
    expected = LENGTH_BYTES + length + end
    if size != expected:
        raise TandemError(f"{path.name} is incomplete: it has {size} of {expected} bytes.", code="adapter_unfit")
    return dict(header)


def count_weights(base: Path) -> int:
    """Return how many numbers the safetensors files in the folder `base` have; 0 if there are none."""
    return sum(math.prod(tensor["shape"]) for file in base.glob("*.safetensors") for tensor in read_header(file).values())


def list_linear_modules(base: Path) -> frozenset[str]:
    """Return the last parts of the names of the linear layers in the blocks of the model in the folder `base`.

    Embedding and output layer are not among them. Empty if there is no such folder, or no safetensors file in it.
    """
    tensors = {name: tensor for file in base.glob("*.safetensors") for name, tensor in read_header(file).items()}
    linear = [name for name, tensor in tensors.items() if len(tensor["shape"]) == 2 and BLOCK.search(name)]
    return frozenset(name.split(".")[-2] for name in linear if EXPERTS not in name and not ROUTER.search(name))
