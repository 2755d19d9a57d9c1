"""How a training is computed on this machine: micro-batch, precision, threads.

The first attempt decides, and stores what it decided in the job's folder. Later attempts do the same, even if they have more memory or
more cores: a sum that is split otherwise has other digits, and a resumed training would end with other weights.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import torch

from services.training.planning.hardware import available_memory, count_cores
from services.training.planning.job_folder import JobFolder, write_atomically
from services.training.planning.plan import Plan
from services.training.trainer.batches import choose_micro_batch


@dataclass(frozen=True)
class Execution:
    """`micro_batch` examples go through the model at a time; `recompute` saves memory by computing activations twice."""

    micro_batch: int
    recompute: bool
    bf16: bool
    threads: int


def choose_execution(plan: Plan, folder: JobFolder) -> Execution:
    """Return what an earlier attempt decided, or decide and store it."""
    if folder.execution.exists():
        return Execution(**json.loads(folder.execution.read_text()))
    micro_batch, recompute = choose_micro_batch(plan.batch_size, plan.activation_bytes, free_memory(), plan.min_parts)
    chosen = Execution(micro_batch, recompute, has_bf16(), count_cores())
    write_atomically(folder.execution, json.dumps(asdict(chosen)))
    return chosen


def has_bf16() -> bool:
    """Return whether the device multiplies bf16 in hardware; a CPU that emulates it is slower than in fp32."""
    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported())
    return any(flag in Path("/proc/cpuinfo").read_text() for flag in ("avx512_bf16", "amx_bf16", " bf16"))


def free_memory() -> int:
    """Return the bytes that are free on the device."""
    return torch.cuda.mem_get_info()[0] if torch.cuda.is_available() else available_memory()
