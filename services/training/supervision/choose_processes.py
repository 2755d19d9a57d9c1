"""Decides by how many processes an attempt trains a job together, and says so in its events."""

from services.training.planning.job_folder import JobFolder
from services.training.planning.parallelism import Parallelism, choose_parallelism, read_parallelism, write_parallelism
from services.training.planning.plan import read_plan
from shared.workers.job_context import JobContext

FEWER = (
    "Earlier, {} processes trained this job together. This worker can run {}, so it continues with {}. The batches stay the same, but "
    "sums may differ in the last digits."
)
NOT_ALL = (
    "A batch of {} examples cannot be divided equally among {} processes, so the training uses {}. "
    "To use all of them, choose a 'batch_size' that is a multiple of {}."
)


def choose_processes(possible: Parallelism, folder: JobFolder, context: JobContext) -> int:
    """Store in the job's folder how the next attempt trains, on a worker with so many `possible` processes; return how many it has."""
    plan, earlier = read_plan(folder), read_parallelism(folder)
    chosen = choose_parallelism(plan, possible, folder)
    if chosen == earlier:
        return chosen.processes
    write_parallelism(chosen, folder)
    if earlier and folder.execution.exists():
        context.add_event(FEWER.format(earlier.processes, possible.processes, chosen.processes), level="warn")
    elif chosen.processes < possible.processes:
        numbers = (plan.batch_size, possible.processes, chosen.processes, possible.processes)
        context.add_event(NOT_ALL.format(*numbers), level="warn")
    if chosen.processes > 1:
        context.add_event(_describe(chosen))
    return chosen.processes


def _describe(chosen: Parallelism) -> str:
    model = "they share the base model (FSDP)" if chosen.sharded else "each of them has the whole base model (DDP)"
    return f"{chosen.processes} processes train the model together; {model}."
