"""How many examples are computed at a time: as many as are useful and fit, and fewer after memory ran out."""

import json
from pathlib import Path

import pytest

from services.training.planning.execution import (
    Execution,
    choose_micro_batch,
    read_execution,
    split_further,
    write_execution,
)
from services.training.planning.job_folder import JobFolder


def execution_of(micro_batch: int, *, recompute: bool = False) -> Execution:
    return Execution(micro_batch, recompute, bf16=False, threads=2, group=12)


def test_a_batch_is_split_until_it_fits_and_activations_are_recomputed_only_as_a_last_resort() -> None:
    assert choose_micro_batch(8, 500, 1000, largest=8) == (8, False)
    assert choose_micro_batch(8, 1300, 1000, largest=8) == (2, False)
    assert choose_micro_batch(8, 8 * 600, 1000, largest=8) == (1, False)
    assert choose_micro_batch(8, 100_000, 1000, largest=8) == (1, True)


def test_no_more_examples_than_are_useful_are_computed_at_a_time_even_if_more_fit() -> None:
    assert choose_micro_batch(8, 500, 10**12, largest=2) == (2, False)
    assert choose_micro_batch(8, 1300, 1000, largest=4) == (2, False)


@pytest.mark.parametrize(("batch_size", "expected"), [(16, [8, 4, 2, 1]), (12, [6, 3, 1]), (7, [1]), (1, [])])
def test_after_memory_ran_out_the_micro_batch_is_halved_and_then_activations_are_recomputed(batch_size: int, expected: list[int]) -> None:
    execution, sizes = execution_of(batch_size), []
    while (smaller := split_further(execution, batch_size)) and not smaller.recompute:
        sizes.append(smaller.micro_batch)
        execution = smaller
    assert sizes == expected
    assert smaller == execution_of(1, recompute=True)
    assert split_further(smaller, batch_size) is None


def test_an_execution_is_read_as_it_was_written(tmp_path: Path) -> None:
    folder = JobFolder(tmp_path)
    assert read_execution(folder) is None
    write_execution(execution_of(4), folder)
    assert read_execution(folder) == execution_of(4)


def test_an_execution_of_an_older_version_keeps_its_groups(tmp_path: Path) -> None:
    folder = JobFolder(tmp_path)
    folder.execution.write_text(json.dumps({"micro_batch": 4, "recompute": False, "bf16": True, "threads": 2}))
    assert read_execution(folder) == Execution(4, recompute=False, bf16=True, threads=2, group=4)
