"""Decides how a training is computed on this machine, unless an earlier attempt has: precision, threads, micro-batch."""

import torch

from services.training.planning.execution import Execution, choose_micro_batch, read_execution, write_execution
from services.training.planning.hardware import available_memory, count_cores, multiplies_bf16
from services.training.planning.job_folder import JobFolder
from services.training.planning.plan import Plan
from shared.planning.micro_batch import USEFUL_TOKENS, USEFUL_TOKENS_ON_GPU, find_largest_useful


def choose_precision(folder: JobFolder) -> bool:
    """Return whether to compute in bf16, as an earlier attempt did. It comes first, because the model is loaded in this precision."""
    earlier = read_execution(folder)
    return earlier.bf16 if earlier else has_bf16()


def choose_execution(plan: Plan, folder: JobFolder, longest: int, bf16: bool) -> Execution:
    """Return what an earlier attempt decided, or decide and store it. Call it once the model is loaded: what is free then can be used.

    `longest` is the number of tokens of the longest training example.
    """
    if earlier := read_execution(folder):
        return earlier
    useful_tokens = USEFUL_TOKENS_ON_GPU if torch.cuda.is_available() else USEFUL_TOKENS
    largest = find_largest_useful(plan.batch_size, plan.min_parts, longest, useful_tokens)
    micro_batch, recompute = choose_micro_batch(plan.batch_size, plan.activation_bytes, free_memory(), largest)
    chosen = Execution(micro_batch, recompute, bf16, count_cores(), group=micro_batch)
    write_execution(chosen, folder)
    return chosen


def has_bf16() -> bool:
    """Return whether the device multiplies bf16 in hardware; one that emulates it is slower than in fp32."""
    return bool(torch.cuda.is_bf16_supported()) if torch.cuda.is_available() else multiplies_bf16()


def free_memory() -> int:
    """Return the bytes that this process can still get on the device."""
    return torch.cuda.mem_get_info()[0] if torch.cuda.is_available() else available_memory()
