import json

import pytest
from pydantic import ValidationError

from shared.contracts.embeddings import EmbeddingsRequest
from shared.contracts.reembeddings import ReembedRequest
from shared.contracts.search import SearchRequest
from shared.contracts.wire import Request

HALF = json.loads('"\\ud83d"')


@pytest.mark.parametrize(
    ("kind", "body", "where"),
    [
        (SearchRequest, {"query": f"a {HALF}"}, "query"),
        (SearchRequest, {"query": ["fine", HALF]}, "query[1]"),
        (SearchRequest, {"query": "a", "filters": {"type": "eq", "key": "k", "value": HALF}}, "filters.value"),
        (EmbeddingsRequest, {"model": "m", "input": ["fine", HALF]}, "input[1]"),
    ],
)
def test_half_a_character_is_refused_wherever_it_stands(kind: type[Request], body: dict[str, object], where: str) -> None:
    with pytest.raises(ValidationError, match="half of a surrogate pair") as caught:
        kind.model_validate(body)
    assert f"'{where}'" in str(caught.value)


def test_whole_characters_of_any_script_pass() -> None:
    query = json.loads('"\\ud83d\\ude00 \\u4e2d\\u6587 e\\u0301"')
    assert SearchRequest.model_validate({"query": query}).query == query


def test_a_reembedding_that_changes_nothing_is_refused() -> None:
    with pytest.raises(ValidationError, match="say what changes"):
        ReembedRequest.model_validate({})
