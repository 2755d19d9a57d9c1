"""By how many processes a job is trained together, each on a GPU of its own, and how they share the work.

The first attempt that computes decides, and later ones do the same if they can: with another number of processes, sums have other digits.
"""

import json
from dataclasses import asdict, dataclass, replace

from services.training.planning.execution import read_execution
from services.training.planning.job_folder import JobFolder, write_atomically
from services.training.planning.plan import Plan
from shared.planning.micro_batch import find_divisor


@dataclass(frozen=True)
class Parallelism:
    """So many `processes` train a job together: they share each batch. Each has the whole base model (data parallelism, `ddp`), unless it
    is `sharded` among them (fully sharded data parallelism, `fsdp`: Zhao et al. 2023, arXiv:2304.11277).
    """

    processes: int = 1
    sharded: bool = False


ALONE = Parallelism()


def read_parallelism(folder: JobFolder) -> Parallelism | None:
    """Return what an earlier attempt stored, or None. Older versions trained in one process, and stored nothing."""
    if folder.parallelism.exists():
        return Parallelism(**json.loads(folder.parallelism.read_text()))
    return ALONE if folder.execution.exists() else None


def write_parallelism(parallelism: Parallelism, folder: JobFolder) -> None:
    """Store it in the job's folder."""
    write_atomically(folder.parallelism, json.dumps(asdict(parallelism)))


def choose_parallelism(plan: Plan, possible: Parallelism, folder: JobFolder) -> Parallelism:
    """Return how the next attempt trains, on a worker with so many `possible` processes.

    It is as the attempts before, or with fewer processes if the worker has fewer. All of them compute equally many examples of each batch.
    A base model in 4 bits is never sharded.
    """
    execution = read_execution(folder)
    earlier = read_parallelism(folder) if execution else None  # a job that only waited on another worker is bound to nothing
    if earlier and earlier.processes <= possible.processes:
        return earlier
    parts = plan.batch_size // execution.micro_batch if execution else plan.batch_size
    processes = find_divisor(parts, possible.processes)
    sharded = earlier.sharded if earlier else possible.sharded and not plan.load_in_4bit
    return Parallelism(processes, sharded and processes > 1)


def divide_batch(plan: Plan, processes: int) -> Plan:
    """Return the plan of one process: with its share of the batch, and of the parts in which a batch is computed at least."""
    return replace(
        plan,
        batch_size=plan.batch_size // processes,
        min_parts=-(-plan.min_parts // processes),
        activation_bytes=plan.activation_bytes // processes,
    )
