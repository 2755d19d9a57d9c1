"""The whole stack, with processes that start quickly in place of the real ones."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from deploy.local.running import RunningStack, StackEnded
from deploy.local.settings import ROOT
from tests.e2e.stack import processes_of, stack_environment, until

BROKER = next(line for line in (ROOT / "deploy/local/Procfile").read_text().splitlines() if line.startswith("broker:"))
WORKER = "training: echo worker ready; sleep 1000 & setsid sleep 1000 & wait"
STUBBORN = """evaluation: trap "" TERM INT; echo worker ready; while :; do sleep 1; done"""
CRASHING = "evaluation: echo 'RuntimeError: no luck'; echo 'See root cause above'; exit 1"
TALKING = "training: trap 'echo good night; exit 0' TERM; echo worker ready; while :; do sleep 1; done"
ASK = "import os, socket; socket.create_connection(('127.0.0.1', int(os.environ['TANDEM_BROKER_PORT'])))"
LEAVE = f'leave() {{ sleep 1; python -c "{ASK}" && echo the broker still answers; exit 0; }}'
LEAVING = f"training: {LEAVE}; trap leave TERM; echo worker ready; while :; do sleep 0.2; done"
WRONGLY_SET = "evaluation: echo EVALUATION_CONCURRENCY: must be a number; exit 2"


class Up:
    """A stack of stubs in its own data folder."""

    def __init__(self, data: Path, lines: tuple[str, ...], environment: dict[str, str] | None = None) -> None:
        procfile = data.parent / f"Procfile-{len(list(data.parent.iterdir()))}"
        procfile.write_text("\n".join(lines))
        self.data = data
        self.environment = environment or stub_environment(data)
        self.output = procfile.with_suffix(".out")
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "deploy.local.up", "--procfile", procfile],
                env=self.environment, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

    def said(self) -> str:
        return self.output.read_text()

    def until_said(self, words: str) -> None:
        until(lambda: words in self.said() or self.process.poll() is not None, seconds=30)
        assert words in self.said()

    def pid(self, name: str) -> int:
        return int((self.data / "run" / f"{name}.pid").read_text())


def stub_environment(data: Path) -> dict[str, str]:
    model = data / "models" / "stub"
    model.mkdir(parents=True, exist_ok=True)
    return stack_environment(data, TANDEM_BASE_MODEL=str(model), RETRIEVAL_EMBEDDING_MODEL=str(model))


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Up]]:
    stacks: list[Up] = []

    def start(*lines: str, data: Path = tmp_path / "data", environment: dict[str, str] | None = None) -> Up:
        stacks.append(Up(data, lines, environment))
        return stacks[-1]

    yield start
    for stack in stacks:
        if stack.process.poll() is None:
            stack.process.terminate()
        stack.process.wait(15)
        until(lambda data=stack.data: processes_of(data) == [], seconds=10)  # type: ignore[misc]


def test_each_process_says_when_it_is_ready_and_the_address_comes_last(start: Callable[..., Up]) -> None:
    up = start(BROKER, WORKER)
    up.until_said("Tandem is ready")
    port = up.environment["TANDEM_BROKER_PORT"]
    assert re.search(rf"broker ready at redis://127.0.0.1:{port}/0 after \d+\.\d s", up.said())
    assert re.search(r"training ready after \d+\.\d s", up.said())
    assert up.said().splitlines()[-1].endswith(f"Tandem is ready: http://localhost:{up.environment['GENERATION_PORT']}/v1")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_two_signals_to_the_whole_group_stop_everything_without_a_failure(start: Callable[..., Up], number: signal.Signals) -> None:
    up = start(BROKER, WORKER)
    up.until_said("Tandem is ready")
    os.killpg(up.process.pid, number)
    os.killpg(up.process.pid, number)
    assert up.process.wait(10) == 0
    assert processes_of(up.data) == []
    assert "Traceback" not in up.said()


def test_a_process_that_ignores_the_signal_is_gone_within_ten_seconds(start: Callable[..., Up]) -> None:
    up = start(BROKER, STUBBORN)
    up.until_said("Tandem is ready")
    up.process.terminate()
    assert up.process.wait(10) == 0
    assert processes_of(up.data) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_broker_ends_after_the_processes_that_use_it(start: Callable[..., Up], number: signal.Signals) -> None:
    up = start(BROKER, LEAVING)
    up.until_said("Tandem is ready")
    os.killpg(up.process.pid, number)
    assert up.process.wait(10) == 0
    assert "the broker still answers" in up.said()


def test_a_broker_that_ignores_the_signal_is_gone_within_ten_seconds(start: Callable[..., Up]) -> None:
    up = start(STUBBORN.replace("evaluation", "broker"), STUBBORN)
    up.until_said("evaluation ready")
    up.process.terminate()
    assert up.process.wait(10) == 0
    until(lambda: processes_of(up.data) == [], seconds=2)  # the broker's `sleep`


def test_a_signal_before_anything_is_ready_ends_everything(start: Callable[..., Up]) -> None:
    up = start(BROKER, WORKER, "generation: sleep 1000")
    up.until_said("training ready")
    up.process.terminate()
    assert up.process.wait(10) == 0
    assert processes_of(up.data) == []


@pytest.mark.parametrize("whole_group", [False, True])
def test_a_stack_that_is_killed_leaves_no_process_behind(start: Callable[..., Up], whole_group: bool) -> None:
    up = start(BROKER, WORKER)
    up.until_said("Tandem is ready")
    if whole_group:
        os.killpg(up.process.pid, signal.SIGKILL)
    else:
        up.process.kill()
    up.process.wait(5)
    until(lambda: processes_of(up.data) == [], seconds=10)


def test_a_killed_process_is_restarted_and_its_children_are_killed(start: Callable[..., Up]) -> None:
    up = start(BROKER, WORKER)
    up.until_said("Tandem is ready")
    first = psutil.Process(up.pid("training"))
    children = first.children()
    assert len(children) == 2
    first.kill()
    up.until_said("training exited (killed by SIGKILL) and restarts in 1 s.")
    until(lambda: up.said().count("training ready") == 2, seconds=10)
    assert up.pid("training") != first.pid
    assert not any(child.is_running() for child in children)


@pytest.mark.parametrize(("handler", "ending"), [("'exit 0'", "exit code 0"), ("-", "killed by SIGTERM")])
def test_an_earlier_error_is_not_the_cause_if_something_else_stopped_a_process(start: Callable[..., Up], handler: str, ending: str) -> None:
    up = start(BROKER, f"training: trap {handler} TERM; echo 'ValueError: an old one'; echo worker ready; while :; do sleep 0.2; done")
    up.until_said("Tandem is ready")
    os.kill(up.pid("training"), signal.SIGTERM)
    up.until_said("restarts in")
    assert f"training exited ({ending}) and restarts in 1 s. Its log: " in up.said()


def test_a_process_that_keeps_exiting_stops_the_stack_which_names_it_and_the_cause_from_its_log(start: Callable[..., Up]) -> None:
    up = start(BROKER, TALKING, CRASHING)
    assert up.process.wait(40) == 1
    reason = f"evaluation failed (exit code 1). Cause: RuntimeError: no luck. Its log: {up.data}/logs/evaluation.log"
    assert up.said().splitlines()[-1].endswith(f"The stack stops: {reason}")
    assert up.said().count(reason) == 2
    assert up.said().count("restarts in") == 4
    assert processes_of(up.data) == []


def test_the_program_that_started_the_stack_learns_which_process_stopped_it_and_why(tmp_path: Path) -> None:
    procfile = tmp_path / "Procfile"
    procfile.write_text(WRONGLY_SET)
    data = tmp_path / "data"
    stack = RunningStack(stub_environment(data), tmp_path / "stack.log", procfile=procfile)
    with pytest.raises(StackEnded) as ended:
        stack.wait_ready(30)
    stack.stop()
    assert processes_of(data) == []
    assert str(ended.value) == (
        "The stack stops: evaluation failed (exit code 2). Cause: EVALUATION_CONCURRENCY: must be a number. "
        f"Its log: {data}/logs/evaluation.log"
    )


def test_if_a_keeper_is_killed_its_process_and_the_stack_stop(start: Callable[..., Up]) -> None:
    up = start(BROKER, WORKER)
    up.until_said("Tandem is ready")
    broker = psutil.Process(up.pid("broker"))
    keeper = broker.parent()
    assert keeper is not None
    keeper.kill()
    until(lambda: not broker.is_running() or broker.status() == psutil.STATUS_ZOMBIE, seconds=5)
    assert up.process.wait(15) == 1
    assert "broker failed (its keeper was killed)" in up.said()


def test_a_wrong_setting_stops_the_stack_without_restarts(start: Callable[..., Up]) -> None:
    up = start(BROKER, WRONGLY_SET)
    assert up.process.wait(10) == 1
    assert "restarts in" not in up.said()
    assert "Cause: EVALUATION_CONCURRENCY: must be a number" in up.said()


def test_a_second_stack_on_the_same_data_is_refused_while_the_first_keeps_running(start: Callable[..., Up], tmp_path: Path) -> None:
    first = start(BROKER, WORKER)
    first.until_said("Tandem is ready")
    second = start(BROKER, WORKER)
    assert second.process.wait(20) == 1
    assert second.said() == (
        f"The data folder {first.data} is in use by another stack (pid {first.process.pid}). "
        "Stop that stack, or set TANDEM_DATA to another folder.\n"
    )
    assert first.process.poll() is None


def test_a_busy_port_is_refused_with_the_setting_to_change(start: Callable[..., Up], tmp_path: Path) -> None:
    environment = stub_environment(tmp_path / "data")
    with socket.create_server(("127.0.0.1", int(environment["GENERATION_PORT"]))):
        up = start(BROKER, WORKER, environment=environment)
        assert up.process.wait(20) == 1
    assert up.said().count("\n") == 1
    assert f"Port {environment['GENERATION_PORT']} of the generation process cannot be used" in up.said()
    assert "set GENERATION_PORT" in up.said()


def test_a_bad_setting_is_one_line_that_names_it(start: Callable[..., Up], tmp_path: Path) -> None:
    up = start(BROKER, environment={**stub_environment(tmp_path / "data"), "TANDEM_ENGINE_MAX_LORAS": "many"})
    assert up.process.wait(20) == 2
    assert up.said().startswith("TANDEM_ENGINE_MAX_LORAS must be an integer")
    assert up.said().count("\n") == 1
