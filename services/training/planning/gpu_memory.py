"""Estimates how much of a GPU's memory a training needs before it can start."""

from pathlib import Path

from services.training.data.validate import Dataset
from services.training.planning.estimate import read_size
from services.training.planning.execution import read_execution
from services.training.planning.job_folder import JobFolder
from services.training.planning.plan import Plan
from shared.planning.memory import Computation, estimate_memory, name_method

CONTEXT_BYTES = 500_000_000  # what CUDA takes for a process before its first tensor; about as much on recent GPUs


def estimate_gpu_memory(plan: Plan, dataset: Dataset, base: Path, folder: JobFolder) -> int:
    """Return the least bytes of a GPU's memory with which the training can run, from the files of the base model in the directory `base`.

    That is with one example at a time and activations computed twice, or as an earlier attempt has decided in the job's folder.
    """
    size, execution = read_size(base), read_execution(folder)
    modules = plan.shape.target_modules
    trainable = size.count_adapter_parameters(plan.shape.rank, modules if isinstance(modules, str) else list(modules))
    at_a_time = execution.micro_batch if execution else 1
    tokens = at_a_time * dataset.longest
    computation = Computation(
        tokens,
        min(tokens, -(-tokens * dataset.num_labels // dataset.num_tokens)),
        is_gpu=True,
        bf16=execution.bf16 if execution else True,
        accumulates=at_a_time < plan.batch_size,
        recompute=execution.recompute if execution else True,
    )
    return CONTEXT_BYTES + estimate_memory(size, name_method(plan.load_in_4bit), trainable, computation).peak
