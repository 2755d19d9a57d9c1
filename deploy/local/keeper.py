"""Keeps one process of the stack running: starts it, reports when it is ready, restarts it if it exits, and stops it.

Each keeper is a process with its own session, so that neither Ctrl-C in the terminal nor a kill of the whole process group
reaches it. It stops its process when the supervisor sends it SIGTERM, and also if the supervisor is gone. It stops the
children that its process left behind too: Linux makes it their parent (PR_SET_CHILD_SUBREAPER, prctl(2)).
"""

import ctypes
import logging
import os
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path

import psutil

from deploy.local.cause import describe_exit, find_cause
from deploy.local.readiness import Sign

LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
POLL_SECONDS = 0.2
GRACE_SECONDS = 6.0  # from SIGTERM to SIGKILL; the whole stack has ten seconds
LEFTOVER_SECONDS = 1.0
QUICK_SECONDS = 30.0
BACKOFF_SECONDS = 1.0
MAX_EXITS = 5
WRONG_SETTINGS = 2
# The exit codes of a process that was asked to end.
STOPPED = (0, -signal.SIGTERM, 128 + signal.SIGTERM, -signal.SIGINT, 128 + signal.SIGINT)
LOG_BYTES = 20_000_000
MAX_LINES = 400  # of the output, to find the cause of an exit


@dataclass(frozen=True)
class Program:
    """A process to keep running: its shell command, environment, working folder, sign of readiness, and data folder."""

    name: str
    command: str
    environment: Mapping[str, str]
    folder: Path
    sign: Sign
    data: Path

    @property
    def log(self) -> Path:
        """The process's log file."""
        return self.data / "logs" / f"{self.name}.log"

    @property
    def pid_file(self) -> Path:
        """The file that holds the process's id while it runs."""
        return self.data / "run" / f"{self.name}.pid"


@dataclass(frozen=True)
class Line:
    """A line that the process wrote."""

    text: str


@dataclass(frozen=True)
class Ready:
    """The process is ready, `seconds` after it was started; `place` is its address."""

    seconds: float
    place: str


@dataclass(frozen=True)
class Restart:
    """The process exited and is restarted after a pause. `cause` is from its log."""

    ending: str
    cause: str
    pause: float


@dataclass(frozen=True)
class GaveUp:
    """The process keeps exiting, so the keeper gives up. `cause` is from its log."""

    ending: str
    cause: str


Event = Line | Ready | Restart | GaveUp
Report = Callable[[Event], None]


@dataclass(frozen=True)
class Run:
    """One finished run of the process: its exit code, whether it was ready, how long it ran, and its last lines of output."""

    code: int
    was_ready: bool
    seconds: float
    lines: tuple[str, ...]

    @property
    def had_wrong_settings(self) -> bool:
        """Return whether the process rejected its settings, which a restart does not change."""
        return self.code == WRONG_SETTINGS and not self.was_ready

    @property
    def cause(self) -> str:
        """The line of the output that says why the process ended. There is none if it worked and was asked to end, by whomever."""
        return "" if self.was_ready and self.code in STOPPED else find_cause(self.lines)

    @property
    def was_long(self) -> bool:
        """Return whether the process worked for a while, so that its exit says little about the next run."""
        return self.was_ready and self.seconds > QUICK_SECONDS


class Stop:
    """True once the keeper must stop: it received SIGTERM, or the supervisor is gone. Created in the keeper's own process."""

    def __init__(self) -> None:
        self._supervisor = os.getppid()
        self._was_signaled = False
        signal.signal(signal.SIGTERM, self._on_signal)
        for number in (signal.SIGINT, signal.SIGHUP):
            signal.signal(number, _ignore)

    @property
    def is_orphaned(self) -> bool:
        """Return whether the supervisor is gone."""
        return os.getppid() != self._supervisor

    def __bool__(self) -> bool:
        return self._was_signaled or self.is_orphaned

    def wait(self, seconds: float) -> None:
        """Return after `seconds`, or when the keeper must stop."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self:
            time.sleep(POLL_SECONDS)

    def _on_signal(self, *_: object) -> None:
        self._was_signaled = True


def keep(program: Program, report: Report) -> None:
    """Keep the process running until the stack stops or the process keeps exiting. Called in a newly forked process."""
    os.setsid()
    stop = Stop()
    LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, signal.valid_signals())
    program.log.parent.mkdir(parents=True, exist_ok=True)
    log = RotatingFileHandler(program.log, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8")
    try:
        _keep(program, report, stop, log)
    finally:
        program.pid_file.unlink(missing_ok=True)
        log.close()


def _keep(program: Program, report: Report, stop: Stop, log: RotatingFileHandler) -> None:
    exits = 0
    while not stop:
        run = _run(program, report, stop, log)
        if stop:
            return
        exits = 1 if run.was_long else exits + 1
        ending, cause = describe_exit(run.code), run.cause
        if exits >= MAX_EXITS or run.had_wrong_settings:
            report(GaveUp(ending, cause))
            return
        pause = BACKOFF_SECONDS * 2 ** (exits - 1)
        report(Restart(ending, cause, pause))
        stop.wait(pause)


def _run(program: Program, report: Report, stop: Stop, log: RotatingFileHandler) -> Run:
    """Run the process until it exits or must stop, then stop the children that it left behind."""
    started, output = time.monotonic(), Output(log, report, program.sign.line)
    child = subprocess.Popen(
        program.command, shell=True, env=dict(program.environment), cwd=program.folder,
        start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, preexec_fn=_end_with_keeper,
    )  # fmt: skip
    program.pid_file.write_text(f"{child.pid}\n")
    reader = threading.Thread(target=output.read, args=(child,), daemon=True)
    reader.start()
    ready = _watch(child, program.sign.probe or output.has_sign, stop)
    if ready is not None:
        report(Ready(ready - started, program.sign.place))
        _watch(child, lambda: False, stop)
    if child.poll() is None:
        _end(child)
    _end_leftovers()
    reader.join(LEFTOVER_SECONDS)
    return Run(child.returncode, ready is not None, time.monotonic() - started, tuple(output.last_lines))


def _watch(child: "subprocess.Popen[bytes]", is_ready: Callable[[], bool], stop: Stop) -> float | None:
    """Return the time at which the process became ready, or None if it exited or must stop."""
    while child.poll() is None and not stop:
        if is_ready():
            return time.monotonic()
        time.sleep(POLL_SECONDS)
    return None


class Output:
    """Reads the output of one run: writes it to the log, reports it to the supervisor, and keeps its last lines to find the cause."""

    def __init__(self, log: RotatingFileHandler, report: Report, sign: bytes) -> None:
        self._log, self._report, self._sign = log, report, sign
        self._sign_seen = threading.Event()
        self.last_lines: deque[str] = deque(maxlen=MAX_LINES)

    def has_sign(self) -> bool:
        """Return whether the process wrote the line that shows that it is ready."""
        return self._sign_seen.is_set()

    def read(self, child: "subprocess.Popen[bytes]") -> None:
        """Read until the process closes its output."""
        assert child.stdout is not None
        with child.stdout:
            for line in child.stdout:
                text = line.decode(errors="replace").rstrip("\n")
                self._log.emit(logging.makeLogRecord({"msg": text}))
                self.last_lines.append(text)
                if self._sign and self._sign in line:
                    self._sign_seen.set()
                self._report(Line(text))


def _ignore(*_: object) -> None:
    """Do nothing. The process would inherit SIG_IGN, and could then not be stopped either."""


def _end_with_keeper() -> None:
    """Let Linux kill this process if the keeper is killed."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _end(child: "subprocess.Popen[bytes]") -> None:
    """Ask the process to stop, and kill it if it does not. Until then, it is responsible for its own children."""
    child.terminate()
    try:
        child.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _end_leftovers() -> None:
    """Kill every child that was left behind, after a moment in which it can exit."""
    left = psutil.Process().children(recursive=True)
    _, left = psutil.wait_procs(left, timeout=LEFTOVER_SECONDS)
    while left:
        for process in left:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(left, timeout=LEFTOVER_SECONDS)
        left = psutil.Process().children(recursive=True)
