"""The resources of this machine that the stack needs: processor, libraries, memory, disk. Imports only the standard library.

In a container, the container's limits count, not the machine's.
"""

import ctypes
import os
import platform
import shutil
from collections.abc import Iterator
from pathlib import Path

GIB = 2**30
CPU_DESCRIPTION = Path("/proc/cpuinfo")
MEMORY = Path("/proc/meminfo")
CGROUP = Path("/sys/fs/cgroup")
# Control groups, version 2 and 1: folder, limit, use, and the entry of memory.stat for cached files.
CGROUP_FILES = (
    ("", "memory.max", "memory.current", "inactive_file"),
    ("memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
)
NO_LIMIT = 2**63
X86 = ("x86_64", "AMD64")
ENGINE_LIBRARY = "libnuma.so.1"


def find_engine_problem() -> str | None:
    """Return why vLLM's CPU build cannot run here, and what to do; None if it can."""
    if platform.machine() in X86 and not has_flags({"avx2", "fma"}):
        return (
            "This processor has no AVX2 instructions, which vLLM's CPU build needs. Use a machine whose processor has them "
            "(Intel since 2013, AMD since 2015). If this is a virtual machine, give it the host's processor model."
        )
    if not has_library(ENGINE_LIBRARY):
        return (
            f"The library {ENGINE_LIBRARY}, which vLLM's CPU build needs, is not installed. "
            "Install it (Debian, Ubuntu: apt install libnuma1; Fedora: dnf install numactl-libs)."
        )
    return None


def has_flags(wanted: set[str], description: Path = CPU_DESCRIPTION) -> bool:
    """Return whether the processor has all these instructions; True if Linux does not say."""
    try:
        return wanted <= set(description.read_text().split())
    except OSError:
        return True


def has_library(name: str) -> bool:
    """Return whether the loader finds this shared library."""
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def available_memory(memory: Path = MEMORY, cgroup: Path = CGROUP) -> int:
    """Return the bytes of memory available to new processes: the machine's free memory, or less if a container limits it."""
    return min(_free_memory(memory), *_left_of_limits(cgroup))


def free_disk(folder: Path) -> int:
    """Return the free bytes of the disk that has, or will have, `folder`."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def can_write(folder: Path) -> bool:
    """Return whether this user can create `folder` or write to it."""
    while not folder.exists():
        folder = folder.parent
    return os.access(folder, os.W_OK | os.X_OK)


def _free_memory(memory: Path) -> int:
    line = next(line for line in memory.read_text().splitlines() if line.startswith("MemAvailable"))
    return int(line.split()[1]) * 1024


def _left_of_limits(cgroup: Path) -> Iterator[int]:
    """Yield the memory that this container's limit leaves, if it has one. Cached files count as free: Linux can evict them."""
    yield NO_LIMIT
    for folder, limit, used, cached in CGROUP_FILES:
        try:
            max_bytes, used_bytes = (int((cgroup / folder / name).read_text()) for name in (limit, used))
            statistics = dict(line.split() for line in (cgroup / folder / "memory.stat").read_text().splitlines())
        except (OSError, ValueError):  # in version 2, no limit is the word "max"
            continue
        yield max(0, max_bytes - used_bytes + int(statistics.get(cached, 0)))
