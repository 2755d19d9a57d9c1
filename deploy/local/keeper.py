"""Keeps one process of the stack: starts it, says when it is ready, starts it again when it ends by itself, and ends it.

Each keeper is a process of its own, in a session of its own, so that neither Ctrl-C in the terminal nor a kill of the whole
process group reaches it. It ends its process when the supervisor sends it SIGTERM, and also when the supervisor is gone.
What its process started and left behind ends too: Linux hands orphans to the keeper (PR_SET_CHILD_SUBREAPER, prctl(2)).
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
LOOK_SECONDS = 0.2
GRACE_SECONDS = 6.0  # from SIGTERM to SIGKILL; the whole stack has ten seconds
LEFTOVER_SECONDS = 1.0
QUICK_SECONDS = 30.0
BACKOFF_SECONDS = 1.0
MOST_DEATHS = 5
WRONG_SETTINGS = 2
LOG_BYTES = 20_000_000
KEPT_LINES = 400  # of the log, for the cause of an end


@dataclass(frozen=True)
class Program:
    """A process to keep: its shell command, its environment and folder, how it shows that it is ready, where its log and pid file go."""

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
    """The process is ready, so many seconds after it was started; `place` is where it is found."""

    seconds: float
    place: str


@dataclass(frozen=True)
class Restart:
    """The process ended by itself and is started again after a pause. `cause` is from its log."""

    ending: str
    cause: str
    pause: float


@dataclass(frozen=True)
class GaveUp:
    """The process will not stay up. `cause` is from its log."""

    ending: str
    cause: str


Event = Line | Ready | Restart | GaveUp
Tell = Callable[[Event], None]


@dataclass(frozen=True)
class Run:
    """How one run of the process ended: its exit code, whether it was ready before, how long it ran, what it logged last."""

    code: int
    was_ready: bool
    seconds: float
    lines: tuple[str, ...]

    @property
    def had_wrong_settings(self) -> bool:
        """Tell whether the process refused its settings, which starting it again does not change."""
        return self.code == WRONG_SETTINGS and not self.was_ready

    @property
    def was_long(self) -> bool:
        """Tell whether the process worked for a while, so that its end says little about the next run."""
        return self.was_ready and self.seconds > QUICK_SECONDS


class Stop:
    """Whether the keeper is to end: it was sent SIGTERM, or the supervisor is gone. Made in the keeper's own process."""

    def __init__(self) -> None:
        self._supervisor = os.getppid()
        self._told = False
        signal.signal(signal.SIGTERM, self._tell)
        for number in (signal.SIGINT, signal.SIGHUP):
            signal.signal(number, _ignore)

    @property
    def is_orphaned(self) -> bool:
        """Tell whether the supervisor is gone."""
        return os.getppid() != self._supervisor

    def __bool__(self) -> bool:
        return self._told or self.is_orphaned

    def wait(self, seconds: float) -> None:
        """Return after so many seconds, or when the keeper is to end."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self:
            time.sleep(LOOK_SECONDS)

    def _tell(self, *_: object) -> None:
        self._told = True


def keep(program: Program, tell: Tell) -> None:
    """Keep the process until the stack stops or the process will not stay up. Runs in a process of its own, just forked."""
    os.setsid()
    stop = Stop()
    LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, signal.valid_signals())
    program.log.parent.mkdir(parents=True, exist_ok=True)
    log = RotatingFileHandler(program.log, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8")
    try:
        _keep(program, tell, stop, log)
    finally:
        program.pid_file.unlink(missing_ok=True)
        log.close()


def _keep(program: Program, tell: Tell, stop: Stop, log: RotatingFileHandler) -> None:
    deaths = 0
    while not stop:
        run = _run(program, tell, stop, log)
        if stop:
            return
        deaths = 1 if run.was_long else deaths + 1
        ending, cause = describe_exit(run.code), find_cause(run.lines)
        if deaths >= MOST_DEATHS or run.had_wrong_settings:
            tell(GaveUp(ending, cause))
            return
        pause = BACKOFF_SECONDS * 2 ** (deaths - 1)
        tell(Restart(ending, cause, pause))
        stop.wait(pause)


def _run(program: Program, tell: Tell, stop: Stop, log: RotatingFileHandler) -> Run:
    """Run the process to its end, with all that it left behind."""
    started, output = time.monotonic(), Output(log, tell, program.sign.line)
    child = subprocess.Popen(
        program.command, shell=True, env=dict(program.environment), cwd=program.folder,
        start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, preexec_fn=_end_with_keeper,
    )  # fmt: skip
    program.pid_file.write_text(f"{child.pid}\n")
    reader = threading.Thread(target=output.read, args=(child,), daemon=True)
    reader.start()
    ready = _watch(child, program.sign.probe or output.has_sign, stop)
    if ready is not None:
        tell(Ready(ready - started, program.sign.place))
        _watch(child, lambda: False, stop)
    if child.poll() is None:
        _end(child)
    _end_leftovers()
    reader.join(LEFTOVER_SECONDS)
    return Run(child.returncode, ready is not None, time.monotonic() - started, tuple(output.last_lines))


def _watch(child: "subprocess.Popen[bytes]", is_ready: Callable[[], bool], stop: Stop) -> float | None:
    """Return the time at which the process was ready, or None when it has ended or must end."""
    while child.poll() is None and not stop:
        if is_ready():
            return time.monotonic()
        time.sleep(LOOK_SECONDS)
    return None


class Output:
    """What one run of the process writes: into the log, to the supervisor, and kept in part for the cause of its end."""

    def __init__(self, log: RotatingFileHandler, tell: Tell, sign: bytes) -> None:
        self._log, self._tell, self._sign = log, tell, sign
        self._sign_seen = threading.Event()
        self.last_lines: deque[str] = deque(maxlen=KEPT_LINES)

    def has_sign(self) -> bool:
        """Tell whether the line came that shows that the process is ready."""
        return self._sign_seen.is_set()

    def read(self, child: "subprocess.Popen[bytes]") -> None:
        """Read to the end."""
        assert child.stdout is not None
        with child.stdout:
            for line in child.stdout:
                text = line.decode(errors="replace").rstrip("\n")
                self._log.emit(logging.makeLogRecord({"msg": text}))
                self.last_lines.append(text)
                if self._sign and self._sign in line:
                    self._sign_seen.set()
                self._tell(Line(text))


def _ignore(*_: object) -> None:
    """Do nothing. SIG_IGN would be handed down to the kept process, which then could not be ended either."""


def _end_with_keeper() -> None:
    """Have Linux kill this process when the keeper is killed."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _end(child: "subprocess.Popen[bytes]") -> None:
    """Ask the process to end, and make it after a while. What it started is its own business until then."""
    child.terminate()
    try:
        child.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _end_leftovers() -> None:
    """End every process that was left behind; each has a moment to do so by itself."""
    left = psutil.Process().children(recursive=True)
    _, left = psutil.wait_procs(left, timeout=LEFTOVER_SECONDS)
    while left:
        for process in left:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(left, timeout=LEFTOVER_SECONDS)
        left = psutil.Process().children(recursive=True)
