import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from shared.errors import Conflict, Unavailable
from shared.workers.child_calls import CallFailed
from shared.workers.child_process import ROOT, ChildExited, ChildProcess
from tests.serving import wait_until

MODULE = "tests.unit.shared.workers.echo_child"
SECONDS = 60.0
PARENT = f"""
import sys
from shared.workers.child_process import ChildProcess
child = ChildProcess("{MODULE}", "that echoes")
child.call("hello")
print(child.pid, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def child() -> Iterator[ChildProcess]:
    opened = ChildProcess(MODULE, "that echoes", ["a", "b"])
    yield opened
    opened.close()


def test_it_is_started_by_the_first_call_with_its_arguments(child: ChildProcess) -> None:
    assert child.pid is None
    assert child.call({"any": "thing"}) == [{"any": "thing"}, "a", "b"]
    assert child.pid is not None and child.pending == []


def test_many_threads_call_it_and_each_gets_its_own_response(child: ChildProcess) -> None:
    with ThreadPoolExecutor(16) as pool:
        assert [each[0] for each in pool.map(child.call, range(200))] == list(range(200))


def test_a_call_that_takes_long_does_not_hold_up_others(child: ChildProcess) -> None:
    waiting = threading.Thread(target=pytest.raises, args=(ChildExited, child.call, "hang"))
    waiting.start()
    wait_until(lambda: child.pending == ["hang"], SECONDS)
    assert child.call("quick")[0] == "quick"
    child.close()
    waiting.join(SECONDS)
    assert not waiting.is_alive()


def test_errors_of_the_project_arrive_as_they_are_and_others_with_their_name(child: ChildProcess) -> None:
    with pytest.raises(Conflict, match="It is taken") as error:
        child.call("conflict")
    assert error.value.param == "name"
    with pytest.raises(CallFailed, match="ZeroDivisionError: a bug"):
        child.call("bug")


def test_a_panic_is_an_error_too(child: ChildProcess) -> None:
    with pytest.raises(CallFailed, match="Panic: a bug in another language"):
        child.call("panic")
    assert child.call("hello")


def test_a_response_that_cannot_be_read_ends_it_and_nobody_waits_forever(child: ChildProcess) -> None:
    with pytest.raises(ChildExited):
        child.call("stranger")
    assert child.call("hello") and child.pending == []


def test_what_cannot_be_sent_is_not_pending(child: ChildProcess) -> None:
    with pytest.raises(TypeError, match="pickle"):
        child.call(threading.Lock())
    assert child.call("hello") and child.pending == []


def test_if_it_ends_its_calls_fail_and_the_next_starts_it_again(child: ChildProcess) -> None:
    first = child.pid, child.call("hello")
    with pytest.raises(ChildExited, match="The process that echoes ended"):
        child.call("exit")
    assert child.call("hello") == first[1]
    assert child.pid not in (None, first[0])


def test_it_ignores_the_signals_that_stop_its_parent(child: ChildProcess) -> None:
    child.call("hello")
    pid = child.pid
    assert pid is not None
    for number in (signal.SIGINT, signal.SIGTERM):
        os.kill(pid, number)
    assert child.call("hello") and child.pid == pid


def test_once_closed_it_is_gone_and_refuses_calls(child: ChildProcess) -> None:
    child.call("hello")
    pid = child.pid
    child.close()
    child.close()
    assert pid is not None and not is_running(pid)
    with pytest.raises(Unavailable, match="stopping"):
        child.call("hello")


def test_it_ends_when_its_parent_is_killed() -> None:
    command = [sys.executable, "-c", PARENT]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert is_running(pid)
        parent.kill()
    wait_until(lambda: not is_running(pid), SECONDS)


def is_running(pid: int) -> bool:
    """Return whether a process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
