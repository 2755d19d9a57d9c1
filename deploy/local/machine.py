"""Finds out what kind of machine this is. Imports only the standard library: the set-up runs it before anything is installed."""

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

CHOICES = ("auto", "cpu", "gpu")
CPU_DESCRIPTION = Path("/proc/cpuinfo")
TOPOLOGY = Path("/sys/devices/system/cpu")
SHARED_MEMORY = Path("/dev/shm")
BFLOAT16_FLAGS = {"avx512_bf16", "amx_bf16", "bf16"}


def device() -> str:
    """Return `gpu` or `cpu`: the value of TANDEM_DEVICE if it is set; otherwise `gpu` if `nvidia-smi` lists one."""
    chosen = os.environ.get("TANDEM_DEVICE") or "auto"
    if chosen not in CHOICES:
        raise SystemExit(f"TANDEM_DEVICE must be one of {', '.join(CHOICES)}; got {chosen!r}.")
    if chosen != "auto":
        return chosen
    return "gpu" if _lists_gpu() else "cpu"


class Machine(NamedTuple):
    """The device of the engine (`cpu` or `gpu`), and the abilities of the CPU.

    `bfloat16`: it multiplies bfloat16 in hardware. `cores` are the cores that this process may use; `physical_cores` is their number
    without hyper-threading. `shared_memory` is the bytes free in /dev/shm.
    """

    device: str
    bfloat16: bool
    cores: tuple[int, ...]
    physical_cores: int
    shared_memory: int

    @property
    def is_small(self) -> bool:
        """Return whether the engine uses all cores. With more than four, it leaves one to the services."""
        return len(self.cores) <= 4


def look() -> Machine:
    """Return this machine."""
    cores = tuple(sorted(os.sched_getaffinity(0)))
    return Machine(device(), multiplies_bfloat16(), cores, count_physical(cores), free_shared_memory())


def multiplies_bfloat16(description: Path = CPU_DESCRIPTION) -> bool:
    """Return whether the CPU multiplies bfloat16 in hardware. Emulated bfloat16 has a tenth of the speed of float32, or less."""
    try:
        return bool(BFLOAT16_FLAGS & set(description.read_text().split()))
    except OSError:
        return False


def count_physical(cores: Iterable[int], topology: Path = TOPOLOGY) -> int:
    """Return the number of physical cores among `cores`; each counts as one if Linux does not say."""
    return len({_siblings(core, topology) for core in cores})


def free_shared_memory(folder: Path = SHARED_MEMORY) -> int:
    """Return the bytes free in /dev/shm; 0 if there is none."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return 0


def _siblings(core: int, topology: Path) -> str:
    try:
        return (topology / f"cpu{core}" / "topology" / "thread_siblings_list").read_text()
    except OSError:
        return str(core)


def _lists_gpu() -> bool:
    if shutil.which("nvidia-smi") is None:
        return False
    try:
        listed = subprocess.run(["nvidia-smi", "-L"], capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return listed.returncode == 0 and "GPU" in listed.stdout
