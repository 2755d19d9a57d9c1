"""The training process: its messages arrive, it never outlives its job, and its failures are explained."""

import contextlib
import os
import signal
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from services.training.planning.execution import Execution, read_execution, write_execution
from services.training.planning.job_folder import JobFolder
from services.training.planning.parallelism import Parallelism, write_parallelism
from services.training.planning.plan import write_plan
from services.training.supervision import run_trainer as trainer_module
from services.training.supervision import stall
from services.training.supervision.run_trainer import FENCE_SECONDS, Launch, run_trainer
from services.training.trainer.checkpoints import make_attempt_folder, mark_complete
from shared.errors import StorageFull, TandemError
from shared.records import jobs
from shared.records.database import Database
from shared.workers import job_context
from shared.workers.job_context import JobContext, JobInterrupted
from tests.unit.shared.job_rows import expire, load, messages
from tests.unit.training.cases import fake_trainer, make_plan

BASE = Path("a-base")


@pytest.fixture(autouse=True)
def long_lease(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing renews the lease in these tests, and on busy cores it takes long to start a few processes."""
    monkeypatch.setattr(job_context, "LEASE_SECONDS", 280.0)


@pytest.fixture
def folder(tmp_path: Path) -> JobFolder:
    folder = JobFolder(tmp_path / "job")
    folder.path.mkdir()
    write_plan(make_plan(), folder)
    return folder


def is_alive(folder: JobFolder) -> bool:
    try:
        os.kill(int((folder.path / "pid").read_text()), 0)
    except (FileNotFoundError, ProcessLookupError):  # it may have ended before it wrote its number
        return False
    return True


@pytest.mark.parametrize(("processes", "expected"), [(1, "3"), (2, "3,1"), (4, "3,1,5,7")])
def test_the_training_sees_a_gpu_for_each_process(
    folder: JobFolder, context: JobContext, monkeypatch: pytest.MonkeyPatch, processes: int, expected: str
) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "3,1,5,7")
    names = "('CUDA_VISIBLE_DEVICES', 'CUDA_DEVICE_ORDER')"
    script = f"import json, os; print(json.dumps({{'kind': 'trained', **{{name: os.environ[name] for name in {names}}}}}))"
    launch = Launch((sys.executable, "-c", script), Parallelism(processes))
    prepared: list[int] = []
    metrics = run_trainer(launch, folder, BASE, context, lambda _: None, prepared.append)
    assert metrics == {"CUDA_VISIBLE_DEVICES": expected, "CUDA_DEVICE_ORDER": "PCI_BUS_ID"}
    assert prepared == [processes]  # and it waits for memory on no others


def test_the_training_process_keeps_freed_memory_unless_the_worker_sets_it(
    folder: JobFolder, context: JobContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MALLOC_MMAP_THRESHOLD_", "1000000")
    names = "('MALLOC_MMAP_THRESHOLD_', 'MALLOC_TRIM_THRESHOLD_')"
    script = f"import json, os; print(json.dumps({{'kind': 'trained', **{{name: os.environ[name] for name in {names}}}}}))"
    metrics = run_trainer(Launch((sys.executable, "-c", script)), folder, BASE, context, lambda _: None)
    assert metrics == {"MALLOC_MMAP_THRESHOLD_": "1000000", "MALLOC_TRIM_THRESHOLD_": str(8 * 2**30)}


def test_steps_and_metrics_arrive_and_other_output_is_ignored(folder: JobFolder, context: JobContext) -> None:
    steps: list[dict[str, Any]] = []
    metrics = run_trainer(fake_trainer("succeeds"), folder, BASE, context, steps.append)
    assert [step["step"] for step in steps] == [1, 2, 3, 4, 5, 6]
    assert metrics == {"steps": 6, "train_loss": 0.1}
    assert not is_alive(folder)


@pytest.mark.parametrize(
    ("behavior", "kind", "code", "words"),
    [
        ("killed", TandemError, "out_of_memory", "memory ran out"),
        ("full", StorageFull, "storage_full", "no space left"),
        ("silent", TandemError, "training_failed", "exit code 3"),
    ],
)
def test_a_training_that_fails_is_explained(
    folder: JobFolder, context: JobContext, behavior: str, kind: type[TandemError], code: str, words: str
) -> None:
    with pytest.raises(kind, match=words) as caught:
        run_trainer(fake_trainer(behavior), folder, BASE, context, lambda _: None)
    assert caught.value.code == code
    assert "layer 3" in folder.log.read_text()
    assert "layer 3" not in caught.value.message


def test_a_stop_ends_the_process_immediately(folder: JobFolder, context: JobContext, stopping: threading.Event) -> None:
    with pytest.raises(JobInterrupted):
        run_trainer(fake_trainer("hangs"), folder, BASE, context, lambda _: stopping.set())
    assert not is_alive(folder)


def test_an_error_while_storing_progress_leaves_no_process_behind(folder: JobFolder, context: JobContext) -> None:
    def fail(_: dict[str, Any]) -> None:
        raise ValueError("unexpected")

    with pytest.raises(ValueError, match="unexpected"):
        run_trainer(fake_trainer("hangs"), folder, BASE, context, fail)
    assert not is_alive(folder)


def kill(folder: JobFolder, number: int) -> None:
    os.kill(int((folder.path / "pid").read_text()), number)


def test_a_process_that_is_killed_each_time_is_reported_with_its_signal(folder: JobFolder, context: JobContext) -> None:
    with pytest.raises(TandemError, match=r"ended by signal 15\. 3 attempts in a row wrote no checkpoint"):
        run_trainer(fake_trainer("hangs"), folder, BASE, context, lambda _: kill(folder, signal.SIGTERM))


@pytest.mark.parametrize("start", ["its last checkpoint", "the beginning"])
def test_a_training_that_was_killed_goes_on_from_its_last_checkpoint_if_it_has_one(
    folder: JobFolder, context: JobContext, database: Database, start: str
) -> None:
    steps: list[int] = []
    if start == "its last checkpoint":
        checkpoint = make_attempt_folder(folder.checkpoints) / "checkpoint-1"
        checkpoint.mkdir()
        mark_complete(checkpoint)

    def kill_the_first(fields: dict[str, Any]) -> None:
        steps.append(fields["step"])
        if len(steps) == 1:
            kill(folder, signal.SIGKILL)

    assert run_trainer(fake_trainer("stalls"), folder, BASE, context, kill_the_first)["steps"] == 6
    [event] = messages(database, context.job.id)
    assert event == f"The training process was killed, perhaps because memory ran out. It is restarted from {start}."


def test_only_processes_that_get_no_further_are_counted(folder: JobFolder, context: JobContext) -> None:
    kills: list[int] = []

    def advance_and_kill(fields: dict[str, Any]) -> None:
        kills.append(fields["step"])
        if len(kills) <= 4:
            checkpoint = make_attempt_folder(folder.checkpoints) / f"checkpoint-{len(kills)}"
            checkpoint.mkdir()
            mark_complete(checkpoint)
        kill(folder, signal.SIGKILL)

    with pytest.raises(TandemError, match=r"was killed, .*\. 3 attempts in a row wrote no checkpoint"):
        run_trainer(fake_trainer("hangs"), folder, BASE, context, advance_and_kill)
    assert len(kills) == 4 + 2


def test_a_worker_that_starts_again_goes_on_counting(folder: JobFolder, context: JobContext, database: Database) -> None:
    def stop_after_a_kill(fields: dict[str, Any]) -> None:
        steps.append(fields["step"])
        if len(steps) == 1:
            kill(folder, signal.SIGTERM)
        else:
            stopping.set()

    steps, stopping = list[int](), threading.Event()
    stopped = JobContext(database, context.job, "worker", stopping)
    with pytest.raises(JobInterrupted):
        run_trainer(fake_trainer("hangs"), folder, BASE, stopped, stop_after_a_kill)
    stopped.requeue()
    again, kills = claim(database, context.job.id), list[int]()

    def kill_each(fields: dict[str, Any]) -> None:
        kills.append(fields["step"])
        kill(folder, signal.SIGTERM)

    with pytest.raises(TandemError, match="3 attempts in a row"):
        run_trainer(fake_trainer("hangs"), folder, BASE, again, kill_each)
    assert len(kills) == 2


def claim(database: Database, job_id: str) -> JobContext:
    """Claim the job for another worker."""
    with database.session() as session:
        job = jobs.claim(session, job_id, "another worker", job_context.LEASE_SECONDS)
    assert job
    return JobContext(database, job, "another worker", threading.Event())


def test_a_worker_that_died_counts_as_an_attempt(folder: JobFolder, context: JobContext, database: Database) -> None:
    expire(database, context.job.id)
    again, kills = claim(database, context.job.id), list[int]()

    def kill_each(fields: dict[str, Any]) -> None:
        kills.append(fields["step"])
        kill(folder, signal.SIGTERM)

    with pytest.raises(TandemError, match="3 attempts in a row"):
        run_trainer(fake_trainer("hangs"), folder, BASE, again, kill_each)
    assert len(kills) == 2


def test_with_a_new_checkpoint_what_was_lost_before_no_longer_counts(folder: JobFolder, context: JobContext, database: Database) -> None:
    expire(database, context.job.id)
    again = claim(database, context.job.id)
    assert load(database, context.job.id).takeovers == 1
    script = 'print(\'{"kind": "checkpoint", "step": 1}\'); print(\'{"kind": "trained"}\')'
    run_trainer(Launch((sys.executable, "-c", script)), folder, BASE, again, lambda _: None)
    assert load(database, context.job.id).takeovers == 0


def test_what_was_lost_before_the_checkpoint_of_a_pause_no_longer_counts(
    folder: JobFolder, context: JobContext, database: Database
) -> None:
    kills: list[int] = []

    def kill_two_and_pause(fields: dict[str, Any]) -> None:
        if len(kills) < 2:
            kills.append(fields["step"])
            kill(folder, signal.SIGTERM)
        else:
            pause(database, context)
            context.report_progress("training", 10)

    with pytest.raises(JobInterrupted):
        run_trainer(fake_trainer("pauses"), folder, BASE, context, kill_two_and_pause)
    context.put_away()
    with database.session() as session:
        assert jobs.resume(session, context.job.id)
    again = claim(database, context.job.id)

    def kill_once(fields: dict[str, Any]) -> None:
        if len(kills) < 3:
            kills.append(fields["step"])
            kill(folder, signal.SIGTERM)

    assert run_trainer(fake_trainer("stalls"), folder, BASE, again, kill_once)["steps"] == 6


def store_execution(folder: JobFolder) -> None:
    write_execution(Execution(4, recompute=False, bf16=False, threads=1, group=4), folder)


def test_a_training_that_ran_out_of_memory_goes_on_with_fewer_examples_at_a_time(
    folder: JobFolder, context: JobContext, database: Database
) -> None:
    store_execution(folder)
    assert run_trainer(fake_trainer("large"), folder, BASE, context, lambda _: None)["steps"] == 6
    restarted = "The training ran out of memory. It is restarted from the beginning, and computes"
    assert messages(database, context.job.id) == [
        f"{restarted} 2 instead of 4 examples at a time; the batch of a step stays the same.",
        f"{restarted} 1 instead of 2 examples at a time; the batch of a step stays the same.",
    ]
    assert read_execution(folder) == Execution(1, recompute=False, bf16=False, threads=1, group=4)


def test_of_several_processes_each_computes_fewer_examples_of_its_part_of_a_batch_after_memory_ran_out(
    folder: JobFolder, context: JobContext
) -> None:
    write_plan(make_plan(batch_size=12), folder)
    write_parallelism(Parallelism(2), folder)
    write_execution(Execution(6, recompute=False, bf16=False, threads=1, group=12), folder)
    launch = replace(fake_trainer("large"), parallelism=Parallelism(2))
    run_trainer(launch, folder, BASE, context, lambda _: None)
    assert read_execution(folder) == Execution(1, recompute=False, bf16=False, threads=1, group=12)


def test_a_training_that_runs_out_of_memory_whatever_it_saves_fails(folder: JobFolder, context: JobContext, database: Database) -> None:
    store_execution(folder)
    with pytest.raises(TandemError, match=r"ran out of memory\. 3 attempts in a row wrote no checkpoint\. Use shorter examples") as caught:
        run_trainer(fake_trainer("too_large"), folder, BASE, context, lambda _: None)
    assert caught.value.code == "out_of_memory"
    endings = [event.rsplit("the beginning", 1)[1] for event in messages(database, context.job.id)]
    assert endings[2:] == [", and computes activations twice instead of keeping them in memory.", ".", "."]


@pytest.mark.parametrize(
    ("behavior", "num_kills", "linux_counts", "expected"), [("stalls", 1, False, 4), ("stalls_twice", 2, False, 2), ("stalls", 1, True, 2)]
)
def test_a_kill_halves_what_is_computed_at_a_time_if_linux_did_it_for_memory_or_if_it_repeats(
    folder: JobFolder,
    context: JobContext,
    monkeypatch: pytest.MonkeyPatch,
    behavior: str,
    num_kills: int,
    linux_counts: bool,
    expected: int,
) -> None:
    store_execution(folder)
    steps: list[int] = []
    monkeypatch.setattr(trainer_module, "count_memory_kills", lambda: len(steps) if linux_counts else 0)

    def kill_the_first(fields: dict[str, Any]) -> None:
        if fields["step"] == 1 and len(steps) < num_kills:
            steps.append(1)
            kill(folder, signal.SIGKILL)

    run_trainer(fake_trainer(behavior), folder, BASE, context, kill_the_first)
    execution = read_execution(folder)
    assert execution
    assert execution.micro_batch == expected


def test_a_kill_after_a_worker_died_is_no_repeated_kill(folder: JobFolder, context: JobContext, database: Database) -> None:
    store_execution(folder)
    expire(database, context.job.id)
    again, kills = claim(database, context.job.id), list[int]()

    def kill_the_first(fields: dict[str, Any]) -> None:
        kills.append(fields["step"])
        if len(kills) == 1:
            kill(folder, signal.SIGKILL)

    run_trainer(fake_trainer("stalls"), folder, BASE, again, kill_the_first)
    assert read_execution(folder) == Execution(4, recompute=False, bf16=False, threads=1, group=4)


def pause(database: Database, context: JobContext) -> None:
    with database.session() as session:
        assert jobs.pause(session, context.job.id)


@pytest.mark.parametrize("behavior", ["pauses", "hangs"])
def test_a_paused_training_puts_its_work_away(folder: JobFolder, context: JobContext, database: Database, behavior: str) -> None:
    def pause_and_notice(_: dict[str, Any]) -> None:
        pause(database, context)
        context.report_progress("training", 10)

    with pytest.raises(JobInterrupted):
        run_trainer(fake_trainer(behavior), folder, BASE, context, pause_and_notice)
    assert context.interrupt_reason == "paused"
    assert not is_alive(folder)


def test_a_training_that_ended_before_it_noticed_the_pause_is_not_lost(folder: JobFolder, context: JobContext, database: Database) -> None:
    def pause_and_notice(fields: dict[str, Any]) -> None:
        if fields["step"] == fields["total_steps"]:
            pause(database, context)
            context.renew_lease()

    with contextlib.suppress(JobInterrupted):  # if the signal came first
        assert run_trainer(fake_trainer("succeeds"), folder, BASE, context, pause_and_notice)["steps"] == 6
    assert context.interrupt_reason == "paused"


def test_a_training_that_stalls_is_started_again(
    folder: JobFolder, context: JobContext, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stall, "FIRST_SECONDS", 1.0)
    steps: list[dict[str, Any]] = []
    metrics = run_trainer(fake_trainer("stalls"), folder, BASE, context, steps.append)
    assert metrics["steps"] == 6
    # On busy cores, the second process may seem to stall too.
    assert [step["step"] for step in steps][:2] == [1, 1]
    assert "restarted from the beginning" in messages(database, context.job.id)[0]


def test_a_training_that_always_stalls_fails(folder: JobFolder, context: JobContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stall, "FIRST_SECONDS", 0.1)
    with pytest.raises(TandemError, match=r"made no progress for .* 3 attempts in a row wrote no checkpoint\. Check the worker") as caught:
        run_trainer(fake_trainer("hangs"), folder, BASE, context, lambda _: None)
    assert caught.value.code == "training_stalled"
    assert not is_alive(folder)


def test_a_training_ends_with_the_lease_even_if_nobody_stops_it(
    folder: JobFolder, context: JobContext, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_context, "LEASE_SECONDS", FENCE_SECONDS + 3)
    brief = JobContext(database, context.job, "worker", threading.Event())
    with pytest.raises(JobInterrupted):
        run_trainer(fake_trainer("hangs"), folder, BASE, brief, lambda _: None)
    assert brief.interrupt_reason == "lost"
    assert time.monotonic() > brief.lease_deadline - FENCE_SECONDS
    assert not is_alive(folder)
