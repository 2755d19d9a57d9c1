"""What this machine has: processor cores, memory, a GPU."""

import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from services.training.planning.cgroup import list_cgroup_limits, list_cgroup_memory

PROCESSOR = Path("/proc/cpuinfo")
MEMORY = Path("/proc/meminfo")
EVENTS = Path("/proc/vmstat")
DRIVER = Path("/dev/nvidiactl")
GPU_QUERY = ("nvidia-smi", "--query-gpu=name,memory.free", "--format=csv,noheader,nounits")
TOTAL_QUERY = ("nvidia-smi", "--query-gpu=memory.total", "--format=csv,noheader,nounits")
GPU_SECONDS = 30.0


@dataclass(frozen=True)
class Trainable:
    """What a training can use: a GPU, or the processor with so many cores, and the bytes of memory that are free there, and in all."""

    name: str
    is_gpu: bool
    bf16: bool
    free_bytes: int
    total_bytes: int | None = None


def find_trainable(processes: int = 1, *, sharded: bool = False) -> Trainable:
    """Return the device that so many training processes would use together now: the processor, or a GPU for each.

    What is free on several GPUs is what the fullest has, because each needs as much, or, if the model is `sharded` among them, their sum.

    Raises:
        OSError, ValueError: if it cannot be found out.
    """
    if not has_gpu():
        return Trainable(_name_processor(), is_gpu=False, bf16=multiplies_bf16(), free_bytes=available_memory())
    answers = [answer.rsplit(",", 1) for answer in _ask_gpus(GPU_QUERY, processes)]
    free, name = [int(answer[1]) * 2**20 for answer in answers], answers[0][0].strip()
    return Trainable(
        name if len(free) == 1 else f"{len(free)} x {name}", is_gpu=True, bf16=True, free_bytes=sum(free) if sharded else min(free)
    )


def find_total_gpu_memory(processes: int = 1) -> int:
    """Return the bytes of memory, free or not, of the smallest GPU of so many training processes. Raises as `find_trainable` does."""
    return min(_list_totals(processes))


def find_total_memory(processes: int = 1, *, sharded: bool = False) -> int:
    """Return the bytes of memory, free or not, of the device of `find_trainable`, within a container its limit. Raises as that does."""
    if not has_gpu():
        return min([_read_memory("MemTotal"), *list_cgroup_limits()])
    totals = _list_totals(processes)
    return sum(totals) if sharded else min(totals)


def _list_totals(processes: int) -> list[int]:
    return [int(total) * 2**20 for total in _ask_gpus(TOTAL_QUERY, processes)]


def _ask_gpus(query: Sequence[str], count: int) -> list[str]:
    """Return what nvidia-smi says of each of the first `count` GPUs of this process."""
    gpus = ",".join(list_gpus()[:count])
    try:
        done = subprocess.run([*query, f"--id={gpus}"], capture_output=True, text=True, check=True, timeout=GPU_SECONDS)
    except subprocess.SubprocessError as error:
        raise OSError(f"nvidia-smi failed: {error}") from error
    return done.stdout.strip().splitlines() or [""]


def identify_device() -> str:
    """Return which of this host's devices a training uses: `cpu`, or `gpu-` and the number of its GPU, or of all its GPUs."""
    return f"gpu-{','.join(list_gpus())}" if has_gpu() else "cpu"


def list_gpus() -> list[str]:
    """Return the numbers or UUIDs of the GPUs that this process may use. If nothing names them, that is the first one of the host.

    As in CUDA, `-1` ends the list.
    """
    gpus = [gpu.strip() for gpu in os.environ.get("CUDA_VISIBLE_DEVICES", "0").split(",")]
    return [gpu for gpu in takewhile(lambda gpu: gpu != "-1", gpus) if gpu]


def use_gpus(gpus: str) -> None:
    """Let this process, and those that it starts, use these GPUs, named by numbers or UUIDs with commas between them."""
    os.environ["CUDA_VISIBLE_DEVICES"] = gpus


def _name_processor() -> str:
    lines = PROCESSOR.read_text().splitlines()
    model = next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine())
    return f"{model}, {count_cores()} cores"


def has_gpu() -> bool:
    """Return whether this process can see an NVIDIA GPU."""
    return DRIVER.exists() and bool(list_gpus())


def count_cores() -> int:
    """Return the number of processor cores that this process may use."""
    return len(os.sched_getaffinity(0))


def multiplies_bf16() -> bool:
    """Return whether the processor multiplies bf16 in hardware."""
    return any(flag in PROCESSOR.read_text() for flag in ("avx512_bf16", "amx_bf16", " bf16"))


def available_memory() -> int:
    """Return the bytes of memory that this process can still get: what is free or can be freed, or less if its container limits it."""
    return min([_read_memory("MemAvailable"), *list_cgroup_memory()])


def _read_memory(name: str) -> int:
    return next(int(line.split()[1]) * 1024 for line in MEMORY.read_text().splitlines() if line.startswith(f"{name}:"))


def count_memory_kills() -> int:
    """Return how many processes Linux has killed since it started because memory ran out, in any container; 0 if it does not say."""
    try:
        events = dict(line.split() for line in EVENTS.read_text().splitlines())
    except OSError:
        return 0
    return int(events.get("oom_kill", 0))
