"""How many examples are worth computing at a time."""

from shared.planning.micro_batch import find_divisor, find_largest_useful


def test_a_micro_batch_has_about_as_many_tokens_as_keep_the_device_busy() -> None:
    assert find_largest_useful(16, 1, longest=100, useful_tokens=1024) == 8
    assert find_largest_useful(16, 1, longest=20, useful_tokens=1024) == 16
    assert find_largest_useful(15, 1, longest=256, useful_tokens=1024) == 3
    assert find_largest_useful(16, 1, longest=5000, useful_tokens=1024) == 1


def test_a_batch_is_computed_in_at_least_the_requested_parts() -> None:
    assert find_largest_useful(8, 4, longest=1, useful_tokens=1024) == 2
    assert find_largest_useful(12, 5, longest=1, useful_tokens=1024) == 2
    assert find_largest_useful(7, 2, longest=1, useful_tokens=1024) == 1


def test_a_micro_batch_always_divides_the_batch() -> None:
    for batch_size in range(1, 257):
        for limit in (0, 1, 7, batch_size // 2, batch_size, 10**9):
            size = find_divisor(batch_size, limit)
            assert batch_size % size == 0
            assert size <= max(1, limit)
