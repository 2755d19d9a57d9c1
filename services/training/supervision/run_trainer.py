"""Runs the training process: starts it, reports its progress, stops it if the job must end, and explains why it failed."""

import contextlib
import io
import math
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from services.training.planning.hardware import count_memory_kills, list_gpus
from services.training.planning.job_folder import JobFolder
from services.training.planning.parallelism import ALONE, Parallelism
from services.training.supervision.choose_processes import choose_processes
from services.training.supervision.save_memory import save_memory
from services.training.supervision.stall import StallDetector
from services.training.trainer.checkpoints import find_checkpoint
from services.training.trainer.failures import MORE_MEMORY
from services.training.trainer.fence import PAUSE, format_deadline
from services.training.trainer.messages import Message, parse_message
from shared.errors import StorageFull, TandemError
from shared.log import get_logger
from shared.workers.job_context import JobContext, JobInterrupted
from shared.workers.threads import THREADS

ROOT = Path(__file__).parents[3]
COMMAND = (sys.executable, "-m", "services.training.trainer.process")
POLL_SECONDS = 0.5
EXIT_SECONDS = 10.0
MAX_LOST = 3  # attempts in a row that wrote no checkpoint
ENDS = ("paused", "trained", "failed")  # the messages after which nothing comes
LAST_OUTPUT = "The last output of the process is in the worker's log."
FENCE_SECONDS = 1.0  # the training ends so long before the lease
LOGGED_LINES = 30  # of the process's log, copied to the worker's
# glibc's allocator keeps what is freed, so that the activations of each step do not come as new pages from the system, which takes a fifth
# of the time. By default it returns them; and it takes blocks above a limit, which rises to 32 MiB at most, from the system each time.
ALLOCATOR = {"MALLOC_MMAP_THRESHOLD_": str(32 * 2**20), "MALLOC_TRIM_THRESHOLD_": str(8 * 2**30)}
# The worker has already downloaded the base model, so the process needs no network. Telemetry stays off.
ENVIRONMENT = {
    "HF_HUB_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "PYTHONUNBUFFERED": "1",
    "CUDA_DEVICE_ORDER": "PCI_BUS_ID",  # the numbers of GPUs are those of nvidia-smi
}

Process = subprocess.Popen[str]
Cause = Literal["memory", "killed", "other"]  # "killed": memory may have run out, or someone killed the process
OnProgress = Callable[[dict[str, Any]], None]
Prepare = Callable[[int], object]  # called with the number of processes

log = get_logger(__name__)


@dataclass(frozen=True)
class Launch:
    """How a training is started: the `command` of the first process, and how many processes may train a job together on this worker."""

    command: tuple[str, ...] = COMMAND
    parallelism: Parallelism = ALONE


LAUNCH = Launch()


class TrainerLost(Exception):
    """The process was killed, stalled, or ran out of memory. A new one may get further; `remedy` says what to do if none does."""

    def __init__(self, problem: str, remedy: str, code: str, cause: Cause = "other") -> None:
        super().__init__(problem)
        self.problem = problem
        self.cause = cause
        self._remedy = remedy
        self._code = code

    def explain(self, num_lost: int) -> TandemError:
        """Return the error of a job that fails after so many attempts."""
        return TandemError(f"{self.problem}. {num_lost} attempts in a row wrote no checkpoint. {self._remedy}", code=self._code)


def run_trainer(
    launch: Launch, folder: JobFolder, base: Path, context: JobContext, on_progress: OnProgress, prepare: Prepare = lambda _: None
) -> dict[str, Any]:
    """Train the model in the directory `base` by the plan in `folder`, in a process of the command and these two; return the metrics.

    Before each process that is started, `prepare` is called with how many processes will train together; it may wait.

    The process may start others, which train together with it, and end with it. All of them are gone when this returns or raises. If it
    stalls, is killed or runs out of memory, another one resumes from its last checkpoint, unless this is the third attempt in a row that
    has written none; attempts of workers that died count, too. If memory ran out, it computes fewer examples at a time, as long as that is
    possible, and the count starts again.

    Raises:
        JobInterrupted: if the job must end. If it is paused, the process has written a checkpoint before.
        StorageFull, TandemError: if the training failed; the message says why.
    """
    num_kills = 0  # since the last checkpoint; a worker that died is no sign of too little memory
    while True:
        checkpoint = find_checkpoint(folder.checkpoints)
        processes = choose_processes(launch.parallelism, folder, context)
        prepare(processes)
        try:
            return _run_process([*launch.command, str(folder.path), str(base.absolute())], processes, folder, context, on_progress)
        except TrainerLost as lost:
            reached = find_checkpoint(folder.checkpoints)
            if reached != checkpoint:
                context.record_advance()
                num_kills = 0
            num_lost = context.record_interruption()
            num_kills += lost.cause == "killed"
            remedy = save_memory(folder) if lost.cause == "memory" or (lost.cause == "killed" and num_kills > 1) else None
            if remedy:
                context.record_advance()
                num_kills = 0
            elif num_lost >= MAX_LOST:
                raise lost.explain(num_lost) from None
            start = "its last checkpoint" if reached else "the beginning"
            context.add_event(f"{lost.problem}. It is restarted from {start}{remedy or ''}.", level="warn")


def _run_process(command: list[str], processes: int, folder: JobFolder, context: JobContext, on_progress: OnProgress) -> dict[str, Any]:
    num_memory_kills = count_memory_kills()
    process = _start(folder, command, processes)
    try:
        last = _follow(process, context, on_progress)
        if context.interrupt_reason == "paused" and (last is None or last.kind == "paused"):
            context.raise_if_interrupted()
        if last is None or last.kind == "failed":
            raise _explain_failure(last, _wait_for_exit(process), folder, count_memory_kills() > num_memory_kills)
        return last.fields
    finally:
        _kill(process)


def _start(folder: JobFolder, command: list[str], processes: int) -> Process:
    gpus = {"CUDA_VISIBLE_DEVICES": ",".join(list_gpus()[:processes])}  # with more, transformers would split batches among them
    environment = {**THREADS, **ALLOCATOR, **os.environ, **gpus, **ENVIRONMENT}
    with folder.log.open("ab") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,  # for the end of the lease; it closes when this process dies, which ends the training
            stdout=subprocess.PIPE,
            stderr=output,
            text=True,
            cwd=ROOT,
            env=environment,
            start_new_session=True,
        )


def _follow(process: Process, context: JobContext, on_progress: OnProgress) -> Message | None:
    """Return the message that ended the training, or None if the process ended without one."""
    lines, deadline, stall, is_pausing = _read_lines(process), math.inf, StallDetector(), False
    while True:
        is_pausing = _pause_or_raise(process, context, is_pausing)
        deadline = _move_deadline(process, context, deadline)
        try:
            line = lines.get(timeout=POLL_SECONDS)
        except queue.Empty:
            if stall.is_stalled():
                raise _describe_stall(stall.silent_seconds) from None
            continue
        message = parse_message(line) if line is not None else None
        if line is None:
            _check_deadline(deadline, context)
        if line is None or (message and message.kind in ENDS):
            return message
        if message:
            stall.note_sign()
            _report(message, context, on_progress)


def _describe_stall(seconds: float) -> TrainerLost:
    return TrainerLost(f"The training made no progress for {seconds:.0f} seconds", "Check the worker's GPU and disk.", "training_stalled")


def _report(message: Message, context: JobContext, on_progress: OnProgress) -> None:
    if message.kind == "checkpoint":
        context.record_advance()
    elif message.kind in ("progress", "answers"):
        try:
            on_progress(message.fields)
        except JobInterrupted:
            if context.interrupt_reason != "paused":
                raise


def _pause_or_raise(process: Process, context: JobContext, is_pausing: bool) -> bool:
    """If the job is paused, ask the process once to put its work away, and return True. Raise JobInterrupted if it must end otherwise."""
    if context.interrupt_reason != "paused":
        context.raise_if_interrupted()
        return False
    if not is_pausing:
        process.send_signal(PAUSE)
    return True


def _move_deadline(process: Process, context: JobContext, last: float) -> float:
    """Tell the process until when it may train, unless it knows; return that moment. `last` is the one that it was told before."""
    _check_deadline(last, context)
    deadline = context.lease_deadline - FENCE_SECONDS
    if process.stdin and deadline != last:
        with contextlib.suppress(BrokenPipeError):  # it has ended
            process.stdin.write(format_deadline(deadline))
            process.stdin.flush()
    return deadline


def _check_deadline(deadline: float, context: JobContext) -> None:
    """Raise JobInterrupted if the deadline has passed, which has ended the process."""
    if time.monotonic() > deadline:
        context.abandon()
        context.raise_if_interrupted()


def _read_lines(process: Process) -> "queue.SimpleQueue[str | None]":
    """Return a queue of the process's lines, ended by None. A thread reads them, so that the caller can watch its job meanwhile."""
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def read() -> None:
        with contextlib.closing(process.stdout or io.StringIO()) as output:
            for line in output:
                lines.put(line)
        lines.put(None)

    threading.Thread(target=read, name="training-output", daemon=True).start()
    return lines


def _wait_for_exit(process: Process) -> int | None:
    try:
        return process.wait(EXIT_SECONDS)
    except subprocess.TimeoutExpired:
        return None


def _explain_failure(last: Message | None, exit_code: int | None, folder: JobFolder, memory_ran_out: bool) -> TandemError | TrainerLost:
    """Return why the training ended. `memory_ran_out` tells whether Linux has killed a process for its memory meanwhile."""
    lines = folder.log.read_text(errors="replace").splitlines()[-LOGGED_LINES:]
    log.error("training failed", exit_code=exit_code, output="\n".join(lines))
    if last is not None:
        return _read_failure(last.fields["code"], last.fields["message"])
    if exit_code is not None and exit_code < 0:
        return _describe_kill(-exit_code, "memory" if memory_ran_out else "killed")
    return TandemError(
        f"The training process ended with exit code {exit_code}. Its last lines are in the worker's log.", code="training_failed"
    )


def _read_failure(code: str, message: str) -> TandemError | TrainerLost:
    if code == "out_of_memory":
        return TrainerLost("The training ran out of memory", MORE_MEMORY, code, "memory")
    error = StorageFull if code == "storage_full" else TandemError
    return error(message, code=code)


def _describe_kill(number: int, cause: Cause) -> TrainerLost:
    if number == signal.SIGKILL:
        problem = "because memory ran out" if cause == "memory" else "perhaps because memory ran out"
        return TrainerLost(f"The training process was killed, {problem}", MORE_MEMORY, "out_of_memory", cause)
    return TrainerLost(f"The training process was ended by signal {number}", LAST_OUTPUT, "training_failed")


def _kill(process: Process) -> None:
    """Kill the process and all that it started. An incomplete checkpoint is not used."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdin:
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
