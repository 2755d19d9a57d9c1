"""What this machine has: processor cores, memory, a GPU."""

import os
from pathlib import Path

from services.training.planning.cgroup import list_cgroup_memory

PROCESSOR = Path("/proc/cpuinfo")
MEMORY = Path("/proc/meminfo")
EVENTS = Path("/proc/vmstat")


def has_gpu() -> bool:
    """Return whether this process can see an NVIDIA GPU."""
    return Path("/dev/nvidiactl").exists() and os.environ.get("CUDA_VISIBLE_DEVICES") != ""


def count_cores() -> int:
    """Return the number of processor cores that this process may use."""
    return len(os.sched_getaffinity(0))


def multiplies_bf16() -> bool:
    """Return whether the processor multiplies bf16 in hardware."""
    return any(flag in PROCESSOR.read_text() for flag in ("avx512_bf16", "amx_bf16", " bf16"))


def available_memory() -> int:
    """Return the bytes of memory that this process can still get: what is free or can be freed, or less if its container limits it."""
    lines = MEMORY.read_text().splitlines()
    free = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable"))
    return min([free, *list_cgroup_memory()])


def count_memory_kills() -> int:
    """Return how many processes Linux has killed since it started because memory ran out, in any container; 0 if it does not say."""
    try:
        events = dict(line.split() for line in EVENTS.read_text().splitlines())
    except OSError:
        return 0
    return int(events.get("oom_kill", 0))
