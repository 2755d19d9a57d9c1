"""Runs the stack for another program: the demo or an end-to-end test. The stack stops when that program ends, however it ends."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path

from deploy.local.procfile import PROCFILE
from deploy.local.settings import ROOT
from deploy.local.terminal import ENDED, READY, RESTARTED

STOP_SECONDS = 15
TAIL_LINES = 5
KEPT_RESTARTS = 3


class StackEnded(Exception):
    """The stack could not start, or has stopped. The message names the process that stopped it and the cause from its log."""


class RunningStack:
    """The stack as a subprocess whose output goes to `log`. `on_line` is called with every line, from another thread."""

    def __init__(
        self, environment: Mapping[str, str], log: Path, on_line: Callable[[str], None] | None = None, procfile: Path = PROCFILE
    ) -> None:
        log.parent.mkdir(parents=True, exist_ok=True)
        self.log = log
        self._on_line = on_line
        self._tail: deque[str] = deque(maxlen=TAIL_LINES)
        self._ended: str | None = None
        self.restarts: deque[str] = deque(maxlen=KEPT_RESTARTS)
        """The lines about processes that exited and were restarted."""
        self._ready = threading.Event()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "deploy.local.up", "--procfile", procfile, "--with-parent", str(os.getpid())],
            cwd=ROOT,
            env=dict(environment),
            text=True,
            errors="replace",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for the caller, which then stops the stack
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """The process id of the stack's first process."""
        return self._process.pid

    def wait_ready(self, seconds: float) -> None:
        """Return when every process is ready; raise `StackEnded` if that takes longer or the stack ends."""
        deadline = time.monotonic() + seconds
        while not self._ready.wait(0.2):
            self.check()
            if time.monotonic() > deadline:
                raise StackEnded("\n".join([f"The stack was not ready after {seconds:.0f} s.", *self.restarts, f"Its log: {self.log}"]))

    def check(self) -> None:
        """Raise `StackEnded` if the stack is stopping or has stopped."""
        if self._ended:
            raise StackEnded(self._ended)
        if self._process.poll() is not None:
            self._reader.join(STOP_SECONDS)
            raise StackEnded(self._ended or "\n".join(["The stack stopped:", *self._tail, f"Its log: {self.log}"]))

    def stop(self) -> int:
        """Stop the stack and return its exit code. Does nothing if it has already stopped."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            code = self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        self._reader.join(STOP_SECONDS)
        return code

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self.log.open("w", encoding="utf-8") as log, self._process.stdout:
            for line in self._process.stdout:
                log.write(line)
                log.flush()
                self._read_line(line.rstrip())

    def _read_line(self, line: str) -> None:
        self._tail.append(line)
        _, _, text = line.partition("| ")
        if text.startswith(ENDED):
            self._ended = text
        if RESTARTED in text:
            self.restarts.append(text)
        if self._on_line:
            self._on_line(line)
        if READY in text:
            self._ready.set()
