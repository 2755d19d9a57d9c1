import pytest
from pydantic import ValidationError

from services.retrieval.contracts.chunking import parse_strategy


def test_a_strategy_is_stored_in_openais_shape() -> None:
    static = {"type": "static", "static": {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": 10}}
    assert parse_strategy(static).model_dump() == static
    assert parse_strategy({"type": "markdown"}).model_dump()["markdown"] == {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": 0}


@pytest.mark.parametrize(
    ("strategy", "problem"),
    [
        ({"type": "parent_child", "parent_child": {"parent_max_chunk_size_tokens": 50}}, "below 'max_chunk_size_tokens'"),
        ({"type": "sentence", "sentence": {"max_chunk_size_tokens": 50, "chunk_overlap_tokens": 26}}, "more than half"),
        ({"type": "static", "static": {}}, "static"),
    ],
)
def test_a_strategy_with_impossible_sizes_is_rejected(strategy: dict[str, object], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        parse_strategy(strategy)
