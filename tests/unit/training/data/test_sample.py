"""A sample is spread evenly over the file."""

from pathlib import Path

from services.training.data.sample import sample_examples
from tests.unit.training.cases import dataset_of, make_facts


def test_a_sample_is_spread_over_the_file(tmp_path: Path) -> None:
    path = tmp_path / "file.jsonl"
    path.write_text(dataset_of(make_facts(20)))
    assert [example.messages[-1].content for example in sample_examples(path, 4)] == ["No. 2", "No. 7", "No. 12", "No. 17"]
    assert len(sample_examples(path, 100)) == 20
