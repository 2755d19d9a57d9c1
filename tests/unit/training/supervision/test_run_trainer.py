"""The training process under supervision: what it says arrives, it never outlives its job, and its failures have reasons."""

import os
import signal
import threading
from pathlib import Path
from typing import Any

import pytest

from services.training.planning.plan import Folder, write_plan
from services.training.supervision.supervise import supervise
from shared.errors import StorageFull, TandemError
from shared.workers.job_runner import JobContext, JobInterrupted
from tests.fakes import wait_until
from tests.unit.training.cases import make_plan, trainer


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path / "job")
    folder.path.mkdir()
    write_plan(make_plan(folder.path))
    return folder


def is_alive(folder: Folder) -> bool:
    try:
        os.kill(int((folder.path / "pid").read_text()), 0)
    except ProcessLookupError:
        return False
    return True


def test_steps_and_metrics_arrive_and_the_rest_is_not_taken_for_them(folder: Folder, context: JobContext) -> None:
    steps: list[dict[str, Any]] = []
    metrics = supervise(trainer("well"), folder, context, steps.append)
    assert [step["step"] for step in steps] == [1, 2, 3, 4, 5, 6]
    assert metrics == {"steps": 6, "train_loss": 0.1}
    assert not is_alive(folder)


@pytest.mark.parametrize(
    ("way", "kind", "code", "says"),
    [
        ("killed", TandemError, "out_of_memory", "memory ran out"),
        ("full", StorageFull, "storage_full", "no space left"),
        ("silent", TandemError, "training_failed", "exit code 3"),
    ],
)
def test_a_training_that_fails_says_why(
    folder: Folder, context: JobContext, way: str, kind: type[TandemError], code: str, says: str
) -> None:
    with pytest.raises(kind, match=says) as caught:
        supervise(trainer(way), folder, context, lambda _: None)
    assert caught.value.code == code
    assert "layer 3" in folder.log.read_text()
    assert "layer 3" not in caught.value.message


def test_a_stop_ends_the_process_at_once(folder: Folder, context: JobContext, stopping: threading.Event) -> None:
    with pytest.raises(JobInterrupted):
        supervise(trainer("hangs"), folder, context, lambda _: stopping.set())
    wait_until(lambda: not is_alive(folder), 2)


def test_an_error_while_storing_progress_leaves_no_process_behind(folder: Folder, context: JobContext) -> None:
    def fail(_: dict[str, Any]) -> None:
        raise ValueError("the database is odd")

    with pytest.raises(ValueError, match="odd"):
        supervise(trainer("hangs"), folder, context, fail)
    assert not is_alive(folder)


def test_a_process_that_was_killed_by_another_hand_is_no_mystery(folder: Folder, context: JobContext) -> None:
    def terminate(_: dict[str, Any]) -> None:
        os.kill(int((folder.path / "pid").read_text()), signal.SIGTERM)

    with pytest.raises(TandemError, match="signal 15"):
        supervise(trainer("hangs"), folder, context, terminate)
