"""The training ends with its worker's lease, whatever it does at that moment."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from services.training.trainer.fence import format_deadline
from tests.serving import wait_until

ROOT = Path(__file__).parents[4]
SECONDS = 60  # for what is certain to happen
START = "import os, subprocess, sys, time; from services.training.trainer.fence import start_fence; start_fence(); "
WAIT = "print('ready', flush=True); time.sleep(600)"
HOLD_THE_LOCK = "print('ready', flush=True); sum(range(10 ** 12))"
WITH_CHILD = "child = subprocess.Popen(['sleep', '600']); print(child.pid, flush=True); time.sleep(600)"


@contextmanager
def run(code: str) -> Iterator["subprocess.Popen[str]"]:
    """Run a training process that does `code`; yield it after its first line."""
    command = [sys.executable, "-c", START + code]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for pipe in (process.stdin, process.stdout):
            assert pipe
            pipe.close()


def write(process: "subprocess.Popen[str]", *deadlines: float) -> None:
    assert process.stdin
    process.stdin.write("".join(format_deadline(deadline) for deadline in deadlines))
    process.stdin.flush()


def read_line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout
    return process.stdout.readline().strip()


@pytest.mark.parametrize("code", [WAIT, HOLD_THE_LOCK])
def test_the_training_ends_when_the_deadline_passes(code: str) -> None:
    with run(code) as process:
        assert read_line(process) == "ready"
        deadline = time.monotonic() + 0.5
        write(process, deadline)
        assert process.wait(SECONDS) == -signal.SIGKILL
        assert time.monotonic() >= deadline
        assert read_line(process) == ""


def test_a_deadline_that_was_moved_does_not_end_it() -> None:
    with run(WAIT) as process:
        assert read_line(process) == "ready"
        write(process, time.monotonic() + 0.5, time.monotonic() + SECONDS)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1.0)


def test_it_ends_with_the_worker() -> None:
    with run(WAIT) as process:
        assert read_line(process) == "ready"
        assert process.stdin
        process.stdin.close()
        assert process.wait(SECONDS) == -signal.SIGKILL


def test_what_the_training_started_ends_too() -> None:
    with run(WITH_CHILD) as process:
        child = int(read_line(process))
        write(process, time.monotonic())
        process.wait(SECONDS)
        # The child has the output open, so it ends only when the child does.
        assert read_line(process) == ""
        wait_until(lambda: not _is_running(child), SECONDS)


def test_a_training_without_its_fence_ends() -> None:
    children = "open(f'/proc/{os.getpid()}/task/{os.getpid()}/children').read()"
    with run(f"print({children}, flush=True); {WAIT}") as process:
        os.kill(int(read_line(process)), signal.SIGKILL)
        assert process.wait(SECONDS) == 1


def _is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
