"""A sample is spread evenly over the file."""

import tracemalloc
from pathlib import Path

import pytest

from services.training.data.sample import sample_examples
from tests.unit.training.cases import dataset_of, make_facts


def test_a_sample_is_spread_over_the_file(tmp_path: Path) -> None:
    path = tmp_path / "file.jsonl"
    path.write_text(dataset_of(make_facts(20)))
    assert [example.messages[-1].content for example in sample_examples(path, 4)] == ["No. 2", "No. 7", "No. 12", "No. 17"]
    assert len(sample_examples(path, 100)) == 20


@pytest.mark.parametrize(("examples", "count"), [(1, 4), (3, 4), (4, 4), (7, 4), (23, 5), (99, 10), (100, 1)])
def test_a_sample_has_as_many_examples_as_the_file_allows(tmp_path: Path, examples: int, count: int) -> None:
    path = tmp_path / "file.jsonl"
    path.write_text(dataset_of(make_facts(examples)))
    everything = [f"No. {number}" for number in range(examples)]
    step = max(1, examples // count)
    assert [example.messages[-1].content for example in sample_examples(path, count)] == everything[step // 2 :: step][:count]


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    with path.open("w") as file:
        file.write("prompt,completion\n")
        file.writelines(f'"{number} {"x" * 2000}",A\n' for number in range(5000))
    tracemalloc.start()
    try:
        assert len(sample_examples(path, 8)) == 8
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 2_000_000 < path.stat().st_size
