"""How fast this machine multiplies matrices, which limits every training.

python -m benchmarks.training.limit <model>

Prints as JSON the operations a second of `torch.nn.functional.linear` through the model's largest frozen layer, with 1,024 tokens, in bf16
and in fp32, on all cores that it may use: the best of three tries each.
"""

import json
import os
import sys
import time
from pathlib import Path

import torch
from torch.nn.functional import linear

from shared.planning.model_size import ModelSize, read_model_size

TOKENS, SECONDS, TRIES = 1024, 0.5, 3
DTYPES = {"bf16": torch.bfloat16, "fp32": torch.float32}


def main() -> None:
    """Print the operations a second."""
    size = read_model_size(json.loads((Path(sys.argv[1]) / "config.json").read_text()))
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    print(json.dumps({name: max(measure(size, dtype) for _ in range(TRIES)) for name, dtype in DTYPES.items()}))


def measure(size: ModelSize, dtype: torch.dtype) -> float:
    """Return the operations a second: two for each weight and token."""
    rows, weight = torch.randn(TOKENS, size.hidden, dtype=dtype), torch.randn(size.inner, size.hidden, dtype=dtype)
    calls, started = 0, time.perf_counter()
    while time.perf_counter() - started < SECONDS:
        linear(rows, weight)
        calls += 1
    return 2 * weight.numel() * TOKENS * calls / (time.perf_counter() - started)


if __name__ == "__main__":
    main()
