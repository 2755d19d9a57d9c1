"""How many processes train a job is decided once, and its events say what is not obvious."""

from pathlib import Path

import pytest

from services.training.planning.execution import Execution, write_execution
from services.training.planning.job_folder import JobFolder
from services.training.planning.parallelism import ALONE, Parallelism, read_parallelism
from services.training.planning.plan import write_plan
from services.training.supervision.choose_processes import choose_processes
from shared.records.database import Database
from shared.workers.job_context import JobContext
from tests.unit.shared.job_rows import messages
from tests.unit.training.cases import make_plan


@pytest.fixture
def folder(tmp_path: Path) -> JobFolder:
    write_plan(make_plan(batch_size=6), JobFolder(tmp_path))
    return JobFolder(tmp_path)


def test_one_process_is_nothing_to_speak_of(folder: JobFolder, context: JobContext, database: Database) -> None:
    assert choose_processes(ALONE, folder, context) == 1
    assert messages(database, context.job.id) == []


def test_the_events_say_how_many_train_and_why_not_more_and_only_once(folder: JobFolder, context: JobContext, database: Database) -> None:
    assert choose_processes(Parallelism(4, sharded=True), folder, context) == 3
    assert choose_processes(Parallelism(4, sharded=True), folder, context) == 3
    assert messages(database, context.job.id) == [
        "A batch of 6 examples cannot be divided equally among 4 processes, so the training uses 3. "
        "To use all of them, choose a 'batch_size' that is a multiple of 4.",
        "3 processes train the model together; they share the base model (FSDP).",
    ]


def test_a_job_that_only_waited_on_a_larger_worker_was_not_trained_there(
    folder: JobFolder, context: JobContext, database: Database
) -> None:
    assert choose_processes(Parallelism(6), folder, context) == 6
    assert choose_processes(Parallelism(2), folder, context) == 2
    assert messages(database, context.job.id)[1:] == ["2 processes train the model together; each of them has the whole base model (DDP)."]


def test_a_worker_with_fewer_gpus_continues_with_fewer_and_says_so(folder: JobFolder, context: JobContext, database: Database) -> None:
    assert choose_processes(Parallelism(6), folder, context) == 6
    write_execution(Execution(1, recompute=False, bf16=False, threads=1, group=6), folder)
    assert choose_processes(Parallelism(2), folder, context) == 2
    assert read_parallelism(folder) == Parallelism(2)
    assert messages(database, context.job.id)[1:] == [
        "Earlier, 6 processes trained this job together. This worker can run 2, so it continues with 2. The batches stay the same, "
        "but sums may differ in the last digits.",
        "2 processes train the model together; each of them has the whole base model (DDP).",
    ]
    assert choose_processes(Parallelism(6), folder, context) == 2
