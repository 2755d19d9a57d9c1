"""Processes that train together compute each example of a batch once, and equally often."""

from itertools import zip_longest

import pytest

from services.training.trainer.parallel.shares import ShareOfBatches, WithFiller, make_filler

EXAMPLES = [{"input_ids": [number, 7, 8], "labels": [-100, 7, 8]} for number in range(10)]


def share(count: int, size: int, number: int) -> list[list[list[int | None]]]:
    """Return the batches of each process."""
    return [list(ShareOfBatches(range(number), size, rank, count)) for rank in range(count)]


@pytest.mark.parametrize("number", [1, 2, 7, 8, 10, 12])
@pytest.mark.parametrize(("count", "size"), [(1, 3), (2, 1), (2, 2), (3, 2), (4, 1)])
def test_together_they_compute_what_one_would_compute_alone(count: int, size: int, number: int) -> None:
    shares = share(count, size, number)
    assert len({len(batches) for batches in shares}) == 1
    assert len(shares[0]) == len(ShareOfBatches(range(number), size, 0, count)) == -(-number // (count * size))
    for start, batches in zip_longest(range(0, number, count * size), zip(*shares, strict=True)):
        together = [position for batch in batches for position in batch if position is not None]
        assert together == list(range(start, min(start + count * size, number)))
        assert all(batch and len(batch) <= size for batch in batches)


def test_what_is_missing_is_filled_with_an_example_without_labels() -> None:
    assert share(2, 2, 5) == [[[0, 1], [4]], [[2, 3], [None]]]
    examples = WithFiller(EXAMPLES)
    assert (len(examples), examples[3]) == (10, EXAMPLES[3])
    assert examples[None] == {"input_ids": [0, 7], "labels": [-100, -100]}


def test_a_filler_of_preference_pairs_is_a_pair() -> None:
    pair = {"input_ids": [[1, 2, 3], [1, 4]], "labels": [[-100, 2, 3], [-100, 4]], "references": [-1.0, -2.0]}
    assert make_filler(pair) == {"input_ids": [[1, 2], [1, 4]], "labels": [[-100, -100], [-100, -100]], "references": [-1.0, -2.0]}
