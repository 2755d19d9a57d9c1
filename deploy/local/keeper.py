"""Keeps one process of the stack: starts it, says when it is ready, starts it again when it ends by itself, and ends it.

Each keeper is a process of its own, in a session of its own, so that neither Ctrl-C in the terminal nor a kill of the whole
process group reaches it. It ends its process when the stack is stopping, and also when the stack is gone without a word.
What its process started and left behind ends too: Linux hands orphans to the keeper (PR_SET_CHILD_SUBREAPER, prctl(2)).
"""

import ctypes
import datetime
import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

import psutil
from honcho.printer import Message

from deploy.local.readiness import Sign

PR_SET_CHILD_SUBREAPER = 36
LOOK_SECONDS = 0.2
GRACE_SECONDS = 6.0  # from SIGTERM to SIGKILL; the whole stack has ten seconds
LEFTOVER_SECONDS = 1.0
QUICK_SECONDS = 30.0
MOST_DEATHS = 5
WRONG_SETTINGS = 2
LOG_BYTES = 20_000_000
SYSTEM = "tandem"


@dataclass(frozen=True)
class Surroundings:
    """What the keepers of one stack share. `stopping` is set in memory they share with the stack."""

    data: Path
    signs: dict[str, Sign]
    stopping: Any
    quiet: Callable[[str, bytes], bool]
    backoff_seconds: float = 1.0


class Keeper:
    """Built and run by honcho's manager, in place of its own `Process`, with the same arguments."""

    def __init__(self, cmd: str, name: str, colour: str, quiet: bool, env: dict[str, str], cwd: str, around: Surroundings) -> None:
        del quiet  # is decided line by line
        self.cmd, self.name, self.colour, self.env, self.cwd = cmd, name, colour, env, cwd
        self._around = around
        self._sign = around.signs.get(name, Sign())
        self._line_seen = threading.Event()
        self._last_line = b""

    def run(self, events: Any, ignore_signals: bool = True) -> None:
        """Keep the process until the stack stops or the process will not stay up."""
        del ignore_signals  # no signal reaches it
        self._events, self._stack = events, os.getppid()
        _detach()
        self._log = _open_log(self._around.data / "logs" / f"{self.name}.log")
        self._send("start", {"pid": os.getpid()})
        code = self._keep()
        self._pid_file.unlink(missing_ok=True)
        self._send("stop", {"returncode": code})
        if self._orphaned():
            os._exit(0)  # nobody reads the events any more, so an orderly exit would wait for ever

    def _keep(self) -> int:
        deaths = 0
        while True:
            started = time.monotonic()
            code, was_ready = self._run_once()
            if self._is_stopping():
                return 0
            deaths = 1 if was_ready and time.monotonic() - started > QUICK_SECONDS else deaths + 1
            if deaths >= MOST_DEATHS or (code == WRONG_SETTINGS and not was_ready):
                self._say(f"{self.name} does not stay up ({_ending(code)}), so the stack ends. {self._why()}")
                return 1
            pause = self._around.backoff_seconds * 2 ** (deaths - 1)
            self._say(f"{self.name} ended by itself ({_ending(code)}); it starts again in {pause:.0f} s. {self._why()}")
            self._pause(pause)
            if self._is_stopping():
                return 0

    def _run_once(self) -> tuple[int, bool]:
        """Run the process to its end. Return its exit code, and whether it was ready before."""
        self._line_seen.clear()
        child = subprocess.Popen(
            self.cmd, shell=True, env=self.env, cwd=self.cwd, start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        self._pid_file.write_text(f"{child.pid}\n")
        reader = threading.Thread(target=self._read, args=(child,), daemon=True)
        reader.start()
        ready = self._watch(child, time.monotonic())
        if child.poll() is None:
            _end(child)
        _end_leftovers()
        reader.join(LEFTOVER_SECONDS)
        return child.returncode, ready

    def _watch(self, child: subprocess.Popen[bytes], started: float) -> bool:
        """Return when the process has ended or must end; tell whether it was ready."""
        ready = False
        while child.poll() is None and not self._is_stopping():
            if not ready and self._shows_sign():
                ready = True
                place = f" on {self._sign.place}" if self._sign.place else ""
                self._say(f"{self.name} ready{place} after {time.monotonic() - started:.1f} s")
            time.sleep(LOOK_SECONDS)
        return ready

    def _shows_sign(self) -> bool:
        return self._sign.probe() if self._sign.probe else self._line_seen.is_set()

    def _read(self, child: subprocess.Popen[bytes]) -> None:
        assert child.stdout is not None
        for line in child.stdout:
            self._log.emit(logging.makeLogRecord({"msg": line.decode(errors="replace").rstrip("\n")}))
            self._last_line = line.strip() or self._last_line
            if self._sign.line and self._sign.line in line:
                self._line_seen.set()
            if not self._around.quiet(self.name, line):
                self._send("line", line)

    def _pause(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self._is_stopping():
            time.sleep(LOOK_SECONDS)

    def _is_stopping(self) -> bool:
        return bool(self._around.stopping.value) or self._orphaned()

    def _orphaned(self) -> bool:
        return os.getppid() != self._stack

    @property
    def _pid_file(self) -> Path:
        return self._around.data / "run" / f"{self.name}.pid"

    def _why(self) -> str:
        last = self._last_line.decode(errors="replace")[:300]
        return f"Its log is {self._log.baseFilename}" + (f", and its last line: {last}" if last else ".")

    def _say(self, text: str) -> None:
        self._send("line", text, SYSTEM)

    def _send(self, kind: str, data: Any, name: str | None = None) -> None:
        colour = self.colour if name is None else None
        self._events.put(Message(type=kind, data=data, time=datetime.datetime.now(), name=name or self.name, colour=colour))


def _detach() -> None:
    """Leave the terminal's session and take in orphans; the stack says when to end, not a signal."""
    os.setsid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _ignore)
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _ignore(*_: object) -> None:
    """Do nothing. SIG_IGN would be handed down to the kept process, which then could not be ended either."""


def _end(child: subprocess.Popen[bytes]) -> None:
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
            process.kill()
        psutil.wait_procs(left, timeout=LEFTOVER_SECONDS)
        left = psutil.Process().children(recursive=True)


def _open_log(path: Path) -> RotatingFileHandler:
    path.parent.mkdir(parents=True, exist_ok=True)
    return RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8")


def _ending(code: int) -> str:
    return f"exit code {code}" if code >= 0 else f"killed by {signal.Signals(-code).name}"
