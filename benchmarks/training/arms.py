"""The trainings that are compared: each trains an adapter on the same tokens, in a process of its own."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.processes import ROOT
from benchmarks.training.examples import Example, write_tokens
from benchmarks.training.process_tree import watch_memory
from benchmarks.training.tandem import train
from services.training.supervision.run_trainer import ENVIRONMENT
from shared.workers.threads import THREADS

IDIOMATIC_FP32, IDIOMATIC, TUNED, TANDEM = "TRL, idiomatic, fp32", "TRL, idiomatic, bf16", "TRL, tuned, bf16", "Tandem"
SCRIPTS = {
    IDIOMATIC_FP32: ("idiomatic_trl", "fp32"),
    IDIOMATIC: ("idiomatic_trl", "bf16"),
    TUNED: ("tuned_trl",),
}
ARMS = (*SCRIPTS, TANDEM)

# Runs a module without bitsandbytes, which PEFT imports if it can, though nothing here needs it: it would cost 50 MB and seconds.
RUN = "import runpy, sys; sys.modules['bitsandbytes'] = None; sys.argv = sys.argv[1:]; runpy.run_module(sys.argv[0], run_name='__main__')"


@dataclass(frozen=True)
class Measured:
    """A training: its seconds, those of the whole process with imports and loading, the most bytes of memory, and the adapter's folder."""

    seconds: float
    process_seconds: float
    peak_bytes: int
    adapter: Path


def run_arm(arm: str, examples: Sequence[Example], base: Path, folder: Path) -> Measured:
    """Train in the new folder, and return what was measured."""
    folder.mkdir(parents=True)
    with watch_memory() as peak:
        started = time.perf_counter()
        seconds = float(_choose(arm)(list(examples), base, folder)["seconds"])
        process_seconds = time.perf_counter() - started
    return Measured(seconds, process_seconds, peak.bytes, folder / "adapter")


def run_script(module: str, *arguments: object, environment: dict[str, str] | None = None) -> Any:
    """Run a module of this folder, and return the JSON in its last line. Exit with its output if it fails."""
    command = [sys.executable, "-W", "ignore", "-c", RUN, f"benchmarks.training.{module}", *map(str, arguments)]
    settings = {**os.environ, **ENVIRONMENT, "CUDA_VISIBLE_DEVICES": "", **(environment or {})}
    done = subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed.\n{done.stderr[-3000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def _choose(arm: str) -> Callable[[list[Example], Path, Path], dict[str, Any]]:
    if arm == TANDEM:
        return train
    script, *precision = SCRIPTS[arm]

    def run(examples: list[Example], base: Path, folder: Path) -> dict[str, Any]:
        tokens = folder / "tokens.jsonl"
        write_tokens(examples, tokens)
        found: dict[str, Any] = run_script(
            script, base, tokens, folder / "adapter", *precision, environment=THREADS if arm == TUNED else None
        )
        return found

    return run
