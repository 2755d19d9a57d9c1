"""Reports a training to one tracker, beside it: starts the tracker's process, starts it again if it fails, and tells the job about it.

Nothing of the training waits for this. What a tracker missed is read again from the job's folder, so a run is complete if its tracker is
there when the job ends, or comes back before.
"""

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from itertools import chain, repeat
from pathlib import Path
from typing import Any, Protocol

from services.training.tracking.errors import hide_credentials
from services.training.tracking.messages import Kind, Outcome, RunDescription, TrackerMessage, parse_message, write_line
from shared.contracts.integrations import TITLES
from shared.errors import TandemError
from shared.log import get_logger
from shared.workers.job_context import JobInterrupted
from shared.workers.scratch import open_scratch

ROOT = Path(__file__).parents[3]
COMMAND = (sys.executable, "-m", "services.training.tracking.process")
START_SECONDS = 180.0  # in which a tracker must have opened the run
FINISH_SECONDS = 120.0  # in which it must send the rest after the end of the job
PAUSES = (30.0, 60.0, 120.0, 300.0)  # before it is tried again; the last one repeats
MAX_WARNINGS = 3  # about a tracker that works and fails again and again
LOGGED_LINES = 10  # of the process's log, copied to the worker's
VARIABLES = {"wandb": "WANDB_API_KEY, WANDB_BASE_URL", "mlflow": "MLFLOW_TRACKING_URI and its credentials"}
# The defaults of both libraries would keep an address that nobody answers for minutes; usage statistics stay off.
ENVIRONMENT = {
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "20",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "GIT_PYTHON_REFRESH": "quiet",
    "WANDB_ERROR_REPORTING": "false",
    "PYTHONUNBUFFERED": "1",
}

log = get_logger(__name__)


class AddEvent(Protocol):
    """Adds an event to the job."""

    def __call__(self, message: str, *, level: str = "info", data: dict[str, Any] | None = None) -> None:
        """Raise JobInterrupted if that is not possible."""


class Reporter:
    """One run of the job. `steps` is the file of its steps, which may be deleted once this exists; `kept` is where an offline run stays."""

    def __init__(
        self,
        run: RunDescription,
        steps: Path,
        kept: Path,
        add_event: AddEvent,
        command: tuple[str, ...] = COMMAND,
        pauses: tuple[float, ...] = PAUSES,
    ) -> None:
        self._run = run
        self._title = TITLES[run.type]
        self._descriptor = os.open(steps, os.O_RDONLY | os.O_CREAT, 0o644)
        self._kept = kept
        self._add_event = add_event
        self._command = command
        self._pauses = chain(pauses, repeat(pauses[-1]))
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._outcome: Outcome | None = None
        self._over = threading.Event()  # the job has ended, or another worker has it
        self._is_wanted = True
        self._problem: str | None = None
        self._last_step = 0
        self._num_starts = 0
        self._num_warnings = 0
        self.thread = threading.Thread(target=self._supervise, name=f"tracker-{run.key}", daemon=True)
        self.thread.start()

    def finish(self, outcome: Outcome) -> None:
        """Send how the job ended, without waiting for it. If the tracker does not work at the moment, an event says what it may lack."""
        if problem := self._problem:
            self._say(f"{self._title} may lack the steps of this training after step {self._last_step}: {problem}", "warn")
        elif not self._num_starts:
            self._say(
                f"{self._title} has not responded yet. This training is sent there if it responds within {FINISH_SECONDS:.0f} seconds."
            )
        with self._lock:
            self._outcome = outcome
            self._send(outcome)
        self._over.set()
        _call_later(FINISH_SECONDS, self.abandon)

    def abandon(self) -> None:
        """End the process now. If the job goes on, the next worker continues the run."""
        with self._lock:
            self._is_wanted = False
            _kill(self._process)
        self._over.set()

    def _supervise(self) -> None:
        with os.fdopen(self._descriptor, "rb"):
            is_last = False
            while not self._run_process() and self._is_wanted and not is_last:
                self._over.wait(next(self._pauses))
                is_last = self._over.is_set()

    def _run_process(self) -> bool:
        """Start the process, and return once it has ended: whether the run is complete."""
        with open_scratch("tracker") as scratch:
            output = scratch / "process.log"
            process = self._start(scratch, output)
            if process is None:
                return False
            try:
                last = self._follow(process)
            finally:
                _kill(process)
                _close_pipes(process)
            if last not in ("failed", "finished") and self._is_wanted:
                self._fail("its process was killed." if last else "it does not respond.")
            if last != "finished":
                log.warning("a tracker failed", tracker=self._run.type, output=_read_end(output))
            return last == "finished"

    def _follow(self, process: subprocess.Popen[str]) -> Kind | None:
        """Handle the process's messages until it ends or has failed; return the kind of the last one."""
        timer, last = _call_later(START_SECONDS, lambda: _kill(process)), None
        for message in _read_messages(process):
            timer.cancel()
            self._handle(message)
            last = message.kind
            if last == "failed":
                break  # its library may still wait for the network
        timer.cancel()
        return last

    def _start(self, scratch: Path, output: Path) -> subprocess.Popen[str] | None:
        with self._lock:
            if not self._is_wanted:
                return None
            with output.open("wb") as errors:
                self._process = subprocess.Popen(
                    [*self._command, str(self._descriptor)],
                    stdin=subprocess.PIPE,  # it closes when this process dies, which ends the tracker's
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    text=True,
                    cwd=ROOT,
                    env=make_environment(os.environ, scratch, self._kept),
                    pass_fds=[self._descriptor],
                    start_new_session=True,
                )
            self._send(self._run)
            if self._outcome:
                self._send(self._outcome)
            return self._process

    def _send(self, value: RunDescription | Outcome) -> None:
        if self._process and self._process.stdin:
            with contextlib.suppress(OSError, ValueError):  # it has ended
                self._process.stdin.write(write_line(value))
                self._process.stdin.flush()

    def _handle(self, message: TrackerMessage) -> None:
        if message.kind == "started":
            self._note_start(message)
        elif message.kind == "reported":
            self._last_step = message.step
        elif message.kind == "failed":
            self._fail(message.text)

    def _note_start(self, message: TrackerMessage) -> None:
        """Tell the job where the run is: the first time, and after a problem that it was told about."""
        self._problem = None
        if self._num_starts <= self._num_warnings:
            data = {"integration": self._run.type, "url": message.url} if message.url else None
            self._say(f"The training is reported to {self._title}: {message.url or message.text}", data=data)
        self._num_starts += 1

    def _fail(self, problem: str) -> None:
        """Tell the job about the first of several problems in a row, unless it was told about too many."""
        is_first, self._problem = self._problem is None, problem
        if is_first and self._num_warnings < MAX_WARNINGS:
            self._num_warnings += 1
            remedy = f"If this does not go away, check {VARIABLES[self._run.type]} of the training worker."
            self._say(
                f"{self._title} does not accept the metrics of this training: {problem} The training goes on. What is missing is sent as "
                f"soon as possible. {remedy}",
                "warn",
            )

    def _say(self, text: str, level: str = "info", data: dict[str, Any] | None = None) -> None:
        if self._over.is_set():
            log.info("a tracker reported after the end of its job", message=text)
            return
        with contextlib.suppress(JobInterrupted, TandemError):
            self._add_event(text, level=level, data=data)


def make_environment(inherited: Mapping[str, str], scratch: Path, kept: Path) -> dict[str, str]:
    """Return the environment of the process. An empty variable is one that is not set, as in all settings.

    Weights & Biases keeps a run in `scratch` until it is sent; if it works offline, in `kept`, unless the operator has chosen a folder.
    """
    own = {name: value for name, value in inherited.items() if value or not name.startswith(("WANDB_", "MLFLOW_"))}
    folder = kept if own.get("WANDB_MODE") == "offline" else scratch
    return {"WANDB_DIR": str(folder), **ENVIRONMENT, **own}


def _read_messages(process: subprocess.Popen[str]) -> Iterator[TrackerMessage]:
    for line in process.stdout or ():
        if message := parse_message(line):
            yield message


def _read_end(output: Path) -> str:
    return hide_credentials("\n".join(output.read_text(errors="replace").splitlines()[-LOGGED_LINES:]))


def _call_later(seconds: float, call: Callable[[], object]) -> threading.Timer:
    """Call in a thread that does not keep the worker from ending."""
    timer = threading.Timer(seconds, call)
    timer.daemon = True
    timer.start()
    return timer


def _kill(process: subprocess.Popen[str] | None) -> None:
    """Kill the process, if it still runs, and wait for it."""
    if process:
        process.kill()
        process.wait()


def _close_pipes(process: subprocess.Popen[str]) -> None:
    """Close the pipes of a process that has ended. What it has not read is lost with it."""
    if process.stdin:
        with contextlib.suppress(OSError):
            process.stdin.close()
    if process.stdout:
        process.stdout.close()
