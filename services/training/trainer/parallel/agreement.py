"""What the processes that train a job together must know or decide alike. One process alone agrees with itself.

All of them must make the same calls in the same order. What is exchanged is in the memory of the host, never on a GPU.
"""

import os
from collections.abc import Sequence
from datetime import timedelta
from typing import TypeVar

import torch
import torch.distributed as dist
from accelerate.utils import check_cuda_p2p_ib_support  # type: ignore[import-untyped]
from torch.distributed import TCPStore  # type: ignore[attr-defined]  # it is public, but not listed

from services.training.trainer.parallel.ranks import LOOPBACK, Rank

# Nothing here gives up: whether a training has stopped moving is decided by the worker, which knows how long its steps take.
TIMEOUT = timedelta(hours=24)

T = TypeVar("T")


def connect(rank: Rank) -> None:
    """Wait for the other processes, and connect with them. Each takes the GPU of its number."""
    if rank.count == 1:
        return
    backend = "gloo"
    if torch.cuda.is_available():
        torch.cuda.set_device(rank.number)
        spare_peer_access()
        backend = "cpu:gloo,cuda:nccl"
    is_first = rank.number == 0
    store = TCPStore(LOOPBACK, rank.port, rank.count, is_first, TIMEOUT, master_listen_fd=rank.listener)
    dist.init_process_group(backend, store=store, rank=rank.number, world_size=rank.count, timeout=TIMEOUT)


def spare_peer_access() -> None:
    """Let NCCL copy through the host's memory on GPUs that cannot reach one another's. accelerate refuses them otherwise."""
    if not check_cuda_p2p_ib_support():
        os.environ.update({"NCCL_P2P_DISABLE": "1", "NCCL_IB_DISABLE": "1"})


def get_rank() -> int:
    """Return the number of this process; the first is 0."""
    return dist.get_rank() if dist.is_initialized() else 0


def count_ranks() -> int:
    """Return how many processes train the job."""
    return dist.get_world_size() if dist.is_initialized() else 1


def is_first() -> bool:
    """Return whether this is the first process, the only one that writes files."""
    return get_rank() == 0


def share(value: T) -> T:
    """Return the value that the first process has."""
    values = [value]
    if count_ranks() > 1:
        dist.broadcast_object_list(values, src=0)
    return values[0]


def collect(values: Sequence[T]) -> list[T]:
    """Return the values of all processes, in the order of their numbers."""
    if count_ranks() == 1:
        return list(values)
    everyones: list[list[T]] = [[] for _ in range(count_ranks())]
    dist.all_gather_object(everyones, list(values))
    return [value for part in everyones for value in part]


def wait_for_all() -> None:
    """Return once all processes are here."""
    collect([])


def leave() -> None:
    """Let go of the other processes, which may have ended or not."""
    if dist.is_initialized():
        dist.destroy_process_group()
