"""A real stack for tests: the real processes and engine, on free ports, with its own data folder."""

import os
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from deploy.local.running import RunningStack
from tests.ports import free_port
from tests.serving import fetch

MODELS = Path(__file__).parents[2] / ".tandem" / "models"
READY_SECONDS = 300
POLL_SECONDS = 0.2
# Settings of the caller must not reach the tests.
# Every arm of every comparison is asked so many questions once more, and one at a time.
FEW = {"EVALUATION_REPEATED_QUESTIONS": "2", "EVALUATION_SINGLE_QUESTIONS": "2"}
NOT_INHERITED = ("TANDEM_", "RETRIEVAL_", "GENERATION_", "TRAINING_", "EVALUATION_", "VLLM_", "PYTHONDONTWRITEBYTECODE")


def until(reached: Callable[[], bool], seconds: float) -> None:
    """Return once `reached` says so; fail after `seconds`."""
    deadline = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < deadline, f"not reached within {seconds} s"
        time.sleep(POLL_SECONDS)


def stack_environment(data: Path, **more: str) -> dict[str, str]:
    """Return the environment of a stack on free ports whose data is in `data`."""
    generation, retrieval, engine, broker = (str(free_port()) for _ in range(4))
    kept = {name: value for name, value in os.environ.items() if not name.startswith(NOT_INHERITED)}
    own = {"GENERATION_PORT": generation, "RETRIEVAL_PORT": retrieval, "TANDEM_ENGINE_PORT": engine, "TANDEM_BROKER_PORT": broker}
    return {**kept, **own, **FEW, "TANDEM_DATA": str(data), **more}


def processes_of(data: Path) -> list[psutil.Process]:
    """Return the running processes that were started for this data folder, anywhere in the process tree."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("TANDEM_DATA") == str(data) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue
    return found


class Stack:
    """The running stack, seen by the tests."""

    def __init__(self, data: Path, **more: str) -> None:
        data.mkdir(parents=True, exist_ok=True)
        (data / "models").symlink_to(MODELS)
        self.data = data
        self.environment = stack_environment(data, **more)
        self.base_url = f"http://127.0.0.1:{self.environment['GENERATION_PORT']}/v1"
        self._running = RunningStack(self.environment, data / "logs" / "stack.log")

    def wait_ready(self) -> None:
        """Return when every process is ready."""
        self._running.wait_ready(READY_SECONDS)

    def pid(self, name: str) -> int:
        """Return the id of a process of the Procfile; 0 while there is none."""
        try:
            return int((self.data / "run" / f"{name}.pid").read_text() or 0)
        except FileNotFoundError:
            return 0

    def kill(self, name: str) -> None:
        """Kill a process of the Procfile (SIGKILL). The stack restarts it."""
        os.kill(self.pid(name), signal.SIGKILL)

    def log(self, name: str) -> str:
        """Return what a process has logged so far; `stack` is everything that the terminal would show."""
        return (self.data / "logs" / f"{name}.log").read_text(encoding="utf-8")

    def engine_metric(self, name: str) -> float:
        """Return the sum of a metric of the engine over its labels."""
        text = fetch(f"http://127.0.0.1:{self.environment['TANDEM_ENGINE_PORT']}/metrics")[1].decode()
        return sum(float(value) for value in re.findall(rf"^{re.escape(name)}(?:{{.*}})? (\S+)$", text, re.MULTILINE))

    def stop(self) -> None:
        """End the stack, within ten seconds and with nothing left behind."""
        started = time.monotonic()
        code = self._running.stop()
        took = time.monotonic() - started
        left = processes_of(self.data)
        assert (code, left) == (0, [])
        assert took < 10
