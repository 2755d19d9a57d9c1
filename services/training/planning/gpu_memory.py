"""Estimates how much of a GPU's memory a training needs before it can start."""

from dataclasses import replace
from pathlib import Path

from services.training.data.validate import Dataset
from services.training.planning.estimate import count_longest_chat, read_size
from services.training.planning.execution import read_execution
from services.training.planning.job_folder import JobFolder
from services.training.planning.parallelism import ALONE, divide_batch, read_parallelism
from services.training.planning.plan import Plan
from shared.planning.memory import FP32, Computation, estimate_memory, name_method
from shared.planning.model_size import ModelSize

CONTEXT_BYTES = 500_000_000  # what CUDA takes for a process before its first tensor; about as much on recent GPUs


def estimate_gpu_memory(plan: Plan, dataset: Dataset, base: Path, folder: JobFolder) -> int:
    """Return the least bytes of a GPU's memory with which the training can run, from the files of the base model in the directory `base`.

    If several GPUs train a job together, each needs so much. It is enough for one example at a time and activations computed twice, or for
    what an earlier attempt has decided in the job's folder.
    """
    size, execution, parallelism = read_size(base), read_execution(folder), read_parallelism(folder) or ALONE
    modules = plan.shape.target_modules
    trainable = size.count_adapter_parameters(plan.shape.rank, modules if isinstance(modules, str) else list(modules))
    at_a_time = execution.micro_batch if execution else 1
    tokens = at_a_time * dataset.longest
    computation = Computation(
        tokens,
        min(tokens, -(-tokens * dataset.num_labels // dataset.num_tokens)),
        is_gpu=True,
        bf16=execution.bf16 if execution else True,
        accumulates=at_a_time < divide_batch(plan, parallelism.processes).batch_size,
        recompute=execution.recompute if execution else True,
        length=count_longest_chat(dataset),
    )
    memory = estimate_memory(size, name_method(plan.load_in_4bit), trainable, computation)
    base_bytes = memory.weights - FP32 * trainable
    saved = base_bytes - _count_shared(size, base_bytes, parallelism.processes) if parallelism.sharded else 0
    return CONTEXT_BYTES + replace(memory, weights=memory.weights - saved).peak


def _count_shared(size: ModelSize, base_bytes: int, processes: int) -> int:
    """Return how many of the bytes of the base model a process has at a time: its part, and, whole, the output layer and two blocks.

    The next block is fetched while one is computed.
    """
    whole = size.hidden * size.vocabulary + 2 * size.block_parameters
    return min(base_bytes, base_bytes // processes + base_bytes * whole // size.parameters)
