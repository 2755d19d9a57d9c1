"""By how many processes a job is trained together."""

from pathlib import Path

import pytest

from services.training.planning.execution import Execution, write_execution
from services.training.planning.job_folder import JobFolder
from services.training.planning.parallelism import (
    ALONE,
    Parallelism,
    choose_parallelism,
    divide_batch,
    read_parallelism,
    write_parallelism,
)
from tests.unit.training.cases import make_plan


def store_execution(folder: JobFolder, micro_batch: int) -> None:
    write_execution(Execution(micro_batch, recompute=False, bf16=False, threads=1, group=micro_batch), folder)


@pytest.mark.parametrize(("batch_size", "possible", "expected"), [(8, 4, 4), (8, 3, 2), (6, 4, 3), (7, 4, 1), (2, 8, 2), (1, 4, 1)])
def test_a_batch_is_divided_equally_among_as_many_as_possible(tmp_path: Path, batch_size: int, possible: int, expected: int) -> None:
    chosen = choose_parallelism(make_plan(batch_size=batch_size), Parallelism(possible), JobFolder(tmp_path))
    assert chosen == Parallelism(expected)


def test_what_was_chosen_is_kept_on_a_worker_with_more(tmp_path: Path) -> None:
    folder = JobFolder(tmp_path)
    assert read_parallelism(folder) is None
    write_parallelism(Parallelism(2, sharded=True), folder)
    store_execution(folder, 2)
    assert read_parallelism(folder) == Parallelism(2, sharded=True)
    assert choose_parallelism(make_plan(batch_size=8), Parallelism(8), folder) == Parallelism(2, sharded=True)


def test_a_job_that_has_computed_nothing_yet_uses_all_that_the_next_worker_has(tmp_path: Path) -> None:
    folder = JobFolder(tmp_path)
    write_parallelism(ALONE, folder)
    assert choose_parallelism(make_plan(batch_size=8), Parallelism(4, sharded=True), folder) == Parallelism(4, sharded=True)


@pytest.mark.parametrize(("micro_batch", "expected"), [(1, 3), (2, 3), (4, 3), (6, 2), (3, 2)])
def test_on_a_worker_with_fewer_the_parts_of_a_batch_stay_the_same(tmp_path: Path, micro_batch: int, expected: int) -> None:
    folder, plan = JobFolder(tmp_path), make_plan(batch_size=12)
    write_parallelism(Parallelism(12 // micro_batch), folder)
    store_execution(folder, micro_batch)
    possible = 3 if expected == 3 else 2
    chosen = choose_parallelism(plan, Parallelism(possible), folder)
    assert chosen == Parallelism(expected)
    assert plan.batch_size % (chosen.processes * micro_batch) == 0


def test_a_training_that_an_older_version_began_continues_in_one_process(tmp_path: Path) -> None:
    store_execution(JobFolder(tmp_path), 2)
    assert choose_parallelism(make_plan(), Parallelism(4), JobFolder(tmp_path)) == ALONE


def test_a_model_is_sharded_among_several_only_and_never_in_4_bits(tmp_path: Path) -> None:
    possible = Parallelism(4, sharded=True)
    assert choose_parallelism(make_plan(batch_size=8), possible, JobFolder(tmp_path)) == possible
    assert choose_parallelism(make_plan(batch_size=7), possible, JobFolder(tmp_path)) == ALONE
    assert choose_parallelism(make_plan(batch_size=8, load_in_4bit=True), possible, JobFolder(tmp_path)) == Parallelism(4)


def test_the_share_of_a_process_is_its_part_of_the_batch() -> None:
    share = divide_batch(make_plan(batch_size=12, min_parts=5, activation_bytes=1200), 4)
    assert (share.batch_size, share.min_parts, share.activation_bytes) == (3, 2, 300)
