"""Lets the next training process compute fewer examples at a time, after memory ran out. The batch of a step stays the same."""

from services.training.planning.execution import read_execution, split_further, write_execution
from services.training.planning.job_folder import JobFolder
from services.training.planning.parallelism import ALONE, divide_batch, read_parallelism
from services.training.planning.plan import read_plan


def save_memory(folder: JobFolder) -> str | None:
    """Store in the job's folder how the next process saves memory, and return it as the end of a sentence.

    Return None if nothing is left to save, or if memory ran out before the first process had decided how to compute.
    """
    execution, parallelism = read_execution(folder), read_parallelism(folder) or ALONE
    share = divide_batch(read_plan(folder), parallelism.processes)
    smaller = execution and split_further(execution, share.batch_size)
    if not execution or not smaller:
        return None
    write_execution(smaller, folder)
    if smaller.micro_batch == execution.micro_batch:
        return ", and computes activations twice instead of keeping them in memory"
    return f", and computes {smaller.micro_batch} instead of {execution.micro_batch} examples at a time; the batch of a step stays the same"
