"""The worker's side of the training process: start it, pass on what it says, end it when the job must end, say why it failed."""

import contextlib
import io
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from services.training.planning.plan import Folder, Message, parse_message
from shared.errors import StorageFull, TandemError
from shared.log import get_logger
from shared.workers.job_runner import JobContext

ROOT = Path(__file__).parents[3]
COMMAND = (sys.executable, "-m", "services.training.trainer.process")
LOOK_SECONDS = 0.5
EXIT_SECONDS = 10.0
LAST_LINES = 30  # of the process's log, for the worker's
# The worker has found the base model, so nothing is to be fetched; nor told.
ENVIRONMENT = {
    "HF_HUB_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "PYTHONUNBUFFERED": "1",
}

log = get_logger(__name__)


def supervise(
    command: tuple[str, ...], folder: Folder, context: JobContext, on_progress: Callable[[dict[str, Any]], None]
) -> dict[str, Any]:
    """Train by the plan in `folder` in a process of its own, `command` with the plan's path; return its metrics.

    Raises:
        JobInterrupted: the job must end; the process is gone.
        StorageFull, TandemError: the training failed, and why.
    """
    process = _start(folder, command)
    try:
        ended = _follow(process, context, on_progress)
        if ended is None or ended.kind == "failed":
            raise _failure(ended, _wait(process), folder)
        return ended.fields
    finally:
        _kill(process)


def _start(folder: Folder, command: tuple[str, ...]) -> "subprocess.Popen[str]":
    environment = {**os.environ, "CUDA_VISIBLE_DEVICES": os.environ.get("CUDA_VISIBLE_DEVICES", "0"), **ENVIRONMENT}
    with folder.log.open("ab") as output:
        return subprocess.Popen(
            [*command, str(folder.plan)],
            stdin=subprocess.PIPE,  # never written to: it closes when this process dies, and the training with it
            stdout=subprocess.PIPE,
            stderr=output,
            text=True,
            cwd=ROOT,
            env=environment,
            start_new_session=True,
        )


def _follow(process: "subprocess.Popen[str]", context: JobContext, on_progress: Callable[[dict[str, Any]], None]) -> Message | None:
    """Return the message that ended the training, or None where the process went without one."""
    lines = _read_lines(process)
    while True:
        context.raise_if_interrupted()
        try:
            line = lines.get(timeout=LOOK_SECONDS)
        except queue.Empty:
            continue
        message = parse_message(line) if line is not None else None
        if line is None or (message and message.kind != "progress"):
            return message
        if message:
            on_progress(message.fields)


def _read_lines(process: "subprocess.Popen[str]") -> "queue.SimpleQueue[str | None]":
    """Return a queue of the process's lines, ended by None; reading in a thread leaves the caller free to look at its job."""
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def read() -> None:
        with contextlib.closing(process.stdout or io.StringIO()) as output:
            for line in output:
                lines.put(line)
        lines.put(None)

    threading.Thread(target=read, name="training-output", daemon=True).start()
    return lines


def _wait(process: "subprocess.Popen[str]") -> int | None:
    try:
        return process.wait(EXIT_SECONDS)
    except subprocess.TimeoutExpired:
        return None


def _failure(ended: Message | None, code: int | None, folder: Folder) -> TandemError:
    lines = folder.log.read_text(errors="replace").splitlines()[-LAST_LINES:]
    log.error("training failed", exit_code=code, output="\n".join(lines))
    if ended is not None:
        kind = StorageFull if ended.fields["code"] == "storage_full" else TandemError
        return kind(ended.fields["message"], code=ended.fields["code"])
    if code == -signal.SIGKILL:
        message = "The training was killed by the system, which mostly means that memory ran out. Use a smaller batch or shorter examples."
        return TandemError(message, code="out_of_memory")
    how = f"was ended by signal {-code}" if code is not None and code < 0 else f"ended with exit code {code}"
    return TandemError(f"The training process {how}; the worker's log has its last lines.", code="training_failed")


def _kill(process: "subprocess.Popen[str]") -> None:
    """End the process and all it started, at once: checkpoints that were not finished do not count."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdin:
        process.stdin.close()
