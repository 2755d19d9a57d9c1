"""What this machine has: processor cores, memory, a GPU."""

import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from services.training.planning.cgroup import list_cgroup_memory

PROCESSOR = Path("/proc/cpuinfo")
MEMORY = Path("/proc/meminfo")
EVENTS = Path("/proc/vmstat")
GPU_QUERY = ("nvidia-smi", "--query-gpu=name,memory.free", "--format=csv,noheader,nounits")
TOTAL_QUERY = ("nvidia-smi", "--query-gpu=memory.total", "--format=csv,noheader,nounits")
GPU_SECONDS = 30.0


@dataclass(frozen=True)
class Trainable:
    """What a training can use: a GPU, or the processor with so many cores, and the memory that is free there, in bytes."""

    name: str
    is_gpu: bool
    bf16: bool
    free_bytes: int


def find_trainable() -> Trainable:
    """Return the device that a training process would use now.

    Raises:
        OSError, ValueError: if it cannot be found out.
    """
    if not has_gpu():
        return Trainable(_name_processor(), is_gpu=False, bf16=multiplies_bf16(), free_bytes=available_memory())
    name, free = _ask_gpu(GPU_QUERY).rsplit(",", 1)
    return Trainable(name.strip(), is_gpu=True, bf16=True, free_bytes=int(free) * 2**20)


def find_total_gpu_memory() -> int:
    """Return the bytes of memory that the GPU of a training process has, free or not. Raises as `find_trainable` does."""
    return int(_ask_gpu(TOTAL_QUERY)) * 2**20


def _ask_gpu(query: Sequence[str]) -> str:
    try:
        done = subprocess.run([*query, f"--id={find_gpu()}"], capture_output=True, text=True, check=True, timeout=GPU_SECONDS)
    except subprocess.SubprocessError as error:
        raise OSError(f"nvidia-smi failed: {error}") from error
    return done.stdout.strip()


def identify_device() -> str:
    """Return which of this host's devices a training process uses: `cpu`, or `gpu-` and its number."""
    return f"gpu-{find_gpu()}" if has_gpu() else "cpu"


def find_gpu() -> str:
    """Return the number or UUID of the GPU that a training process gets: the first that this process may use; empty if it may use none."""
    return os.environ.get("CUDA_VISIBLE_DEVICES", "0").split(",")[0].strip()


def use_gpu(gpu: str) -> None:
    """Let this process, and those that it starts, use one GPU, named by its number or UUID."""
    os.environ["CUDA_VISIBLE_DEVICES"] = gpu


def _name_processor() -> str:
    lines = PROCESSOR.read_text().splitlines()
    model = next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine())
    return f"{model}, {count_cores()} cores"


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
