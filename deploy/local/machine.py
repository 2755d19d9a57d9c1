"""What kind of machine this is. Nothing but the standard library: the set-up asks before anything is installed."""

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

CHOICES = ("auto", "cpu", "gpu")
CPU_DESCRIPTION = Path("/proc/cpuinfo")
BFLOAT16_FLAGS = {"avx512_bf16", "amx_bf16", "bf16"}


def device() -> str:
    """Return `gpu` or `cpu`: TANDEM_DEVICE where it is set, otherwise whether `nvidia-smi` lists a GPU."""
    chosen = os.environ.get("TANDEM_DEVICE") or "auto"
    if chosen not in CHOICES:
        raise SystemExit(f"TANDEM_DEVICE must be one of {', '.join(CHOICES)}, not {chosen!r}")
    if chosen != "auto":
        return chosen
    return "gpu" if _lists_gpu() else "cpu"


class Machine(NamedTuple):
    """Where the engine computes: `cpu` or `gpu`; whether the CPU multiplies bfloat16 in hardware; on which of its cores."""

    device: str
    bfloat16: bool
    cores: str


def look() -> Machine:
    """Return this machine."""
    return Machine(device(), multiplies_bfloat16(), cores())


def multiplies_bfloat16(description: Path = CPU_DESCRIPTION) -> bool:
    """Tell whether the CPU multiplies bfloat16 in hardware; emulated, it has a tenth of float32's speed or less."""
    try:
        return bool(BFLOAT16_FLAGS & set(description.read_text().split()))
    except OSError:
        return False


def cores(available: Iterable[int] | None = None) -> str:
    """Return the cores the engine computes on, such as `0,1`; of more than four, vLLM (`auto`) leaves one to the services."""
    usable = sorted(os.sched_getaffinity(0) if available is None else available)
    return "auto" if len(usable) > 4 else ",".join(map(str, usable))


def _lists_gpu() -> bool:
    if shutil.which("nvidia-smi") is None:
        return False
    try:
        listed = subprocess.run(["nvidia-smi", "-L"], capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return listed.returncode == 0 and "GPU" in listed.stdout
