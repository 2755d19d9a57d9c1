"""How a training is computed: how many examples at a time, in which precision, with how many threads.

The first attempt decides, and stores what it decided in the job's folder. Later attempts do the same, even if they have more memory or
more cores: a sum that is split otherwise has other digits, and a resumed training would end with other weights. Only if memory runs out
is the batch split further. Then the next steps still have the same batches, with the same examples, but sums may differ in the last digits.
"""

import json
from dataclasses import asdict, dataclass, replace

from services.training.planning.job_folder import JobFolder, write_atomically
from shared.planning.micro_batch import find_divisor

MAX_ACTIVATION_SHARE = 0.6  # of the free memory; the rest is for gradients, optimizer, and what other processes take meanwhile


@dataclass(frozen=True)
class Execution:
    """`micro_batch` examples go through the model at a time; `recompute` saves memory by computing activations twice.

    Of several processes that train a job together, each computes so many at a time. `group` is what they computed together in the first
    attempt: so many examples of similar length stay together, however the batch is split.
    """

    micro_batch: int
    recompute: bool
    bf16: bool
    threads: int
    group: int


def read_execution(folder: JobFolder) -> Execution | None:
    """Return what an earlier attempt stored, or None. Older versions never split a batch further, and stored no `group`."""
    if not folder.execution.exists():
        return None
    fields = json.loads(folder.execution.read_text())
    return Execution(**{"group": fields["micro_batch"], **fields})


def write_execution(execution: Execution, folder: JobFolder) -> None:
    """Store it in the job's folder."""
    write_atomically(folder.execution, json.dumps(asdict(execution)))


def choose_micro_batch(batch_size: int, activation_bytes: int, free_bytes: int, largest: int) -> tuple[int, bool]:
    """Return how many examples go through the model at a time, and whether to recompute activations to save memory.

    The micro-batch is the largest divisor of `batch_size` that is at most `largest`, and whose share of `activation_bytes`, the batch's,
    takes at most 60% of the free memory; the gradients of the micro-batches add up to the batch's. Recomputing costs a forward pass, so it
    is used only if a single example is still too large.
    """
    fitting = int(MAX_ACTIVATION_SHARE * free_bytes * batch_size / activation_bytes)
    return find_divisor(batch_size, min(largest, fitting)), fitting < 1


def split_further(execution: Execution, batch_size: int) -> Execution | None:
    """Return an execution that needs less memory: half the micro-batch or less, then activations computed twice, then None.

    `batch_size` is the part of a batch that one process computes.
    """
    if execution.micro_batch > 1:
        return replace(execution, micro_batch=find_divisor(batch_size, execution.micro_batch // 2))
    return None if execution.recompute else replace(execution, recompute=True)
