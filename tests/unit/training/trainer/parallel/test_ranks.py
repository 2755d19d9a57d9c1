"""Processes that train a job together start and end together, without torch."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from services.training.trainer.fence import format_deadline
from services.training.trainer.parallel.ranks import NAMES
from tests.serving import wait_until

ROOT = Path(__file__).parents[5]
SECONDS = 60  # for what is certain to happen
COUNT = 3
JOIN = """
import json, os, sys, time
from services.training.trainer.fence import start_fence
from services.training.trainer.parallel.ranks import NAMES, join_ranks, start_ranks
numbers = sys.argv[1:]
if not numbers:
    start_fence()
rank = join_ranks(numbers) if numbers else start_ranks([sys.executable, *sys.orig_argv[1:]], {count})
os.write(1, json.dumps([rank.number, os.getpid(), [os.environ.get(name) for name in NAMES]]).encode() + b"\\n")
time.sleep(600 if rank.number != {early} else 0)
sys.exit({code})
"""


@dataclass(frozen=True)
class Group:
    """The first process, and what each said: its process id and its variables."""

    first: "subprocess.Popen[str]"
    pids: dict[int, int]
    variables: dict[int, list[str | None]]

    def wait_until_gone(self) -> None:
        wait_until(lambda: not any(map(is_running, self.pids.values())), SECONDS)


@contextmanager
def run(count: int = COUNT, early: int = -1, code: int = 0) -> Iterator[Group]:
    """Run so many processes together, one of which ends `early` with an exit code."""
    script = JOIN.format(count=count, early=early, code=code)
    command = [sys.executable, "-c", script]
    first = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert first.stdin
    assert first.stdout
    try:
        said = [json.loads(first.stdout.readline()) for _ in range(count)]
        yield Group(first, {number: pid for number, pid, _ in said}, {number: names for number, _, names in said})
    finally:
        if first.poll() is None:
            os.killpg(first.pid, signal.SIGKILL)
        first.wait()
        first.stdin.close()
        first.stdout.close()


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_each_process_knows_its_number_and_where_they_meet() -> None:
    with run() as group:
        assert set(group.pids) == {0, 1, 2}
        named = {number: dict(zip(NAMES, values, strict=True)) for number, values in group.variables.items()}
        assert [named[number]["RANK"] for number in range(COUNT)] == ["0", "1", "2"]
        assert {(names["WORLD_SIZE"], names["MASTER_ADDR"], names["MASTER_PORT"]) for names in named.values()} == {
            ("3", "127.0.0.1", named[0]["MASTER_PORT"])
        }


def test_a_process_alone_sets_no_variables_and_ignores_those_of_its_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORLD_SIZE", "8")
    monkeypatch.setenv("RANK", "5")
    with run(count=1) as group:
        assert group.variables == {0: [None] * len(NAMES)}


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_if_one_is_killed_the_first_ends_in_the_same_way_and_so_do_all(number: signal.Signals) -> None:
    with run() as group:
        os.kill(group.pids[1], number)
        assert group.first.wait(SECONDS) == -number
        group.wait_until_gone()


def test_if_one_fails_the_first_ends_with_its_exit_code() -> None:
    with run(early=2, code=3) as group:
        assert group.first.wait(SECONDS) == 3
        group.wait_until_gone()


def test_if_the_first_is_killed_all_end() -> None:
    with run() as group:
        os.kill(group.pids[0], signal.SIGKILL)
        group.wait_until_gone()


def test_one_that_has_done_its_work_leaves_the_others_alone() -> None:
    with run(early=1) as group:
        wait_until(lambda: not is_running(group.pids[1]), SECONDS)
        with pytest.raises(subprocess.TimeoutExpired):
            group.first.wait(1.0)
        assert is_running(group.pids[2])


def test_all_end_with_the_lease_also_one_that_is_stopped() -> None:
    with run() as group:
        os.kill(group.pids[1], signal.SIGSTOP)
        assert group.first.stdin
        group.first.stdin.write(format_deadline(time.monotonic()))
        group.first.stdin.flush()
        assert group.first.wait(SECONDS) == -signal.SIGKILL
        group.wait_until_gone()


def test_all_end_with_the_worker() -> None:
    with run() as group:
        assert group.first.stdin
        group.first.stdin.close()
        assert group.first.wait(SECONDS) == -signal.SIGKILL
        group.wait_until_gone()
