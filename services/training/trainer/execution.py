"""Decides how a training is computed on this machine, unless an earlier attempt has: precision, threads, micro-batch. Measures memory."""

import resource

import torch

from services.training.planning.execution import Execution, choose_micro_batch, read_execution, write_execution
from services.training.planning.hardware import available_memory, count_cores, multiplies_bf16
from services.training.planning.job_folder import JobFolder
from services.training.planning.parallelism import divide_batch
from services.training.planning.plan import Plan
from services.training.trainer.parallel.agreement import collect, count_ranks, is_first
from shared.planning.micro_batch import USEFUL_TOKENS, USEFUL_TOKENS_ON_GPU, find_largest_useful


def choose_precision(folder: JobFolder) -> bool:
    """Return whether to compute in bf16, as an earlier attempt did. It comes first, because the model is loaded in this precision."""
    earlier = read_execution(folder)
    return earlier.bf16 if earlier else has_bf16()


def choose_execution(plan: Plan, folder: JobFolder, longest: int, bf16: bool) -> Execution:
    """Return what an earlier attempt decided, or decide and store it. Call it once the model is loaded: what is free then can be used.

    `longest` is the number of tokens of the longest training example. Processes that train together decide by the one with the least
    memory.
    """
    if earlier := read_execution(folder):
        return earlier
    useful_tokens = USEFUL_TOKENS_ON_GPU if torch.cuda.is_available() else USEFUL_TOKENS
    share, processes = divide_batch(plan, count_ranks()), count_ranks()
    largest = find_largest_useful(share.batch_size, share.min_parts, longest, useful_tokens)
    # None of them has written the file before all have looked for it.
    free_bytes = min(collect([free_memory()]))
    micro_batch, recompute = choose_micro_batch(share.batch_size, share.activation_bytes, free_bytes, largest)
    chosen = Execution(micro_batch, recompute, bf16, max(1, count_cores() // processes), group=micro_batch * processes)
    if is_first():
        write_execution(chosen, folder)
    return chosen


def has_bf16() -> bool:
    """Return whether the device multiplies bf16 in hardware; one that emulates it is slower than in fp32."""
    return bool(torch.cuda.is_bf16_supported()) if torch.cuda.is_available() else multiplies_bf16()


def free_memory() -> int:
    """Return the bytes that this process can still get on the device. Without GPUs, all processes share the same memory."""
    return torch.cuda.mem_get_info()[0] if torch.cuda.is_available() else available_memory() // count_ranks()


def measure_peak_memory() -> int:
    """Return the most bytes that this process had at a time: of the GPU's memory, or, without a GPU, of the host's."""
    if torch.cuda.is_available():
        return torch.cuda.max_memory_allocated()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
