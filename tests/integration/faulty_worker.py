"""A training worker to which something happens at a given moment, and its training process: `python -m tests.integration.faulty_worker`.

With arguments, it is the training process, otherwise the worker. Each step of a training is written to a file, with the process that made
it. Whatever else is real: the worker, the training, the broker and the database.
"""

import errno
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

VARIABLE = "FAULTY_WORKER"
LEASE_SECONDS, HEARTBEAT_SECONDS = 10.0, 1.0  # shorter than in operation, so that a test need not wait as long
HANG_SECONDS, POLL_SECONDS = 600.0, 0.05


@dataclass(frozen=True)
class Faults:
    """What happens. `steps` is the file of steps.

    The worker is killed at the moment `killed`: `start` is before the first step of a training, `checkpoint` while its second one is
    written, `reveal` between the renames of two adapters, `record` after all renames and before their rows. After `last_step`, the training
    hangs until the file `go_on` exists, or with `fails`, it finds the disk full unless the file exists. The worker takes it for stalled
    after `stall_seconds`, if they are not 0. The worker's clock is `seconds_ahead`.
    """

    steps: str
    killed: str = ""
    last_step: int = 0
    go_on: str = ""
    fails: bool = False
    stall_seconds: float = 0.0
    seconds_ahead: float = 0.0

    def variables(self) -> dict[str, str]:
        """Return the environment variables with which the process is started."""
        return {VARIABLE: json.dumps(asdict(self))}


def kill(pid: int) -> None:
    """Kill a process, and wait for nothing."""
    os.kill(pid, signal.SIGKILL)
    time.sleep(HANG_SECONDS)  # a training process is ended by its fence, long before


def run_trainer(faults: Faults) -> None:
    """Be the training process."""
    process: Any = import_module("services.training.trainer.process")
    keep_step, folder = process.keep_step, Path(sys.argv[1]).name

    def keep_and_note(steps: Path, fields: dict[str, Any]) -> None:
        keep_step(steps, fields)
        with Path(faults.steps).open("a") as file:
            file.write(json.dumps({"job": folder, "pid": os.getpid(), "step": fields["step"]}) + "\n")
        while fields["step"] == faults.last_step and not Path(faults.go_on).exists():
            if faults.fails:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            time.sleep(POLL_SECONDS)
        if faults.killed == "checkpoint":
            _kill_parent_at_a_checkpoint()

    process.keep_step = keep_and_note
    if faults.killed == "start":
        process.read_plan = lambda _: kill(os.getppid())  # the fence has started by now
    process.main()


def _kill_parent_at_a_checkpoint() -> None:
    """Kill the worker at the moment when the second checkpoint has all its files, but is not marked as complete."""
    callbacks: Any = sys.modules["services.training.trainer.callbacks"]  # imported by now

    def mark_or_kill(checkpoint: Path) -> None:
        if any(checkpoint.parent.glob("*/finished")):
            kill(os.getppid())
        mark(checkpoint)

    mark = getattr(callbacks.mark_complete, "__wrapped__", callbacks.mark_complete)
    callbacks.mark_complete = wraps(mark)(mark_or_kill)


def run_worker(faults: Faults) -> None:
    """Be the worker."""
    _shorten_lease()
    _shorten_stall(faults.stall_seconds)
    from services.training import worker

    finetune: Any = sys.modules["services.training.finetune"]
    read = worker.read_worker_config
    command = (sys.executable, "-m", "tests.integration.faulty_worker")
    worker.read_worker_config = lambda *settings: _with_command(read(*settings), command)
    if faults.killed == "reveal":
        finetune.reveal = _kill_at_call(2, finetune.reveal)
    if faults.killed == "record":
        checkpoints: Any = sys.modules["services.training.publishing.checkpoints"]
        checkpoints.record_adapters = _kill_at_call(1, checkpoints.record_adapters)
    _advance_clock(faults.seconds_ahead)
    worker.main()


def _with_command(config: Any, command: tuple[str, ...]) -> Any:
    return replace(config, trainer=replace(config.trainer, command=command))


def _shorten_lease() -> None:
    from shared.workers import job_context

    job_context.LEASE_SECONDS = LEASE_SECONDS
    from shared.workers import job_runner

    job_runner.HEARTBEAT_SECONDS = HEARTBEAT_SECONDS


def _shorten_stall(seconds: float) -> None:
    from services.training.supervision import stall

    if seconds:
        stall.FIRST_SECONDS = stall.MIN_SECONDS = seconds


def _kill_at_call(number: int, function: Callable[..., Any]) -> Callable[..., Any]:
    calls = 0

    def call(*arguments: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == number:
            kill(os.getpid())
        return function(*arguments)

    return call


def _advance_clock(seconds: float) -> None:
    """Let this process's clock be ahead, where Tandem and Celery read it."""
    request: Any = import_module("celery.worker.request")

    class Ahead(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return datetime.now(tz) + timedelta(seconds=seconds)

    read = time.time
    time.time = lambda: read() + seconds
    request.datetime = Ahead


def main() -> None:
    """Run as what the arguments say."""
    faults = Faults(**json.loads(os.environ[VARIABLE]))
    (run_trainer if len(sys.argv) > 1 else run_worker)(faults)


if __name__ == "__main__":
    main()
