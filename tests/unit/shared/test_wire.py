import json
from typing import Any

import pytest
from pydantic import ValidationError

from services.retrieval.contracts.chunk_preview import ChunkPreviewRequest
from services.retrieval.contracts.reembeddings import ReembedRequest
from services.retrieval.contracts.vector_stores import MAX_BATCH, FileBatchCreate, VectorStoreCreate, VectorStoreUpdate
from shared.contracts.embeddings import EmbeddingsRequest
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


@pytest.mark.parametrize(
    ("kind", "body", "where"),
    [
        (SearchRequest, {"query": "a\0b"}, "query"),
        (VectorStoreCreate, {"name": "\0"}, "name"),
        (VectorStoreCreate, {"metadata": {"a\0": "b"}}, "metadata"),
        (VectorStoreCreate, {"file_ids": ["file-1", "file-\0"]}, "file_ids[1]"),
        (ChunkPreviewRequest, {"text": "a", "filename": "a\0.txt"}, "filename"),
    ],
)
def test_the_character_zero_is_refused_wherever_it_stands(kind: type[Request], body: dict[str, object], where: str) -> None:
    with pytest.raises(ValidationError, match="the character zero") as caught:
        kind.model_validate(body)
    assert f"'{where}'" in str(caught.value)


def test_a_store_is_made_with_as_many_files_as_a_batch_may_have() -> None:
    assert len(VectorStoreCreate(file_ids=["file-1"] * MAX_BATCH).file_ids) == MAX_BATCH == 2000
    with pytest.raises(ValidationError, match="at most 2000"):
        VectorStoreCreate(file_ids=["file-1"] * (MAX_BATCH + 1))


def test_whole_characters_of_any_script_pass() -> None:
    query = json.loads('"\\ud83d\\ude00 \\u4e2d\\u6587 e\\u0301"')
    assert SearchRequest.model_validate({"query": query}).query == query


def test_a_reembedding_that_changes_nothing_is_refused() -> None:
    with pytest.raises(ValidationError, match="say what changes"):
        ReembedRequest.model_validate({})


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (SearchRequest, {"query": "a", **dict.fromkeys(("ranking_options", "filters", "max_num_results", "rewrite_query", "search_mode"))}),
        (SearchRequest, {"query": "a", "ranking_options": {"ranker": None, "score_threshold": None, "hybrid_search": None}}),
        (VectorStoreCreate, dict.fromkeys(("name", "file_ids", "chunking_strategy", "expires_after", "metadata", "on_duplicate"))),
        (FileBatchCreate, {"file_ids": ["file-1"], "files": None, "attributes": None}),
        (EmbeddingsRequest, {"model": "m", "input": "a", "encoding_format": None, "dimensions": None, "user": None}),
    ],
)
def test_null_is_taken_like_a_field_that_is_not_sent(kind: type[Request], body: dict[str, object]) -> None:
    sent = {name: value for name, value in body.items() if value is not None and name != "ranking_options"}
    assert kind.model_validate(body) == kind.model_validate(sent)


def test_null_still_takes_away_what_a_store_has() -> None:
    assert VectorStoreUpdate.model_validate({"metadata": None}).model_fields_set == {"metadata"}


def test_null_is_no_value_of_a_field_that_must_be_sent() -> None:
    with pytest.raises(ValidationError):
        SearchRequest.model_validate({"query": None})


class Items(Request):
    input: list[dict[str, Any]]


def test_what_is_no_number_in_json_is_refused_wherever_it_stands() -> None:
    with pytest.raises(ValidationError, match=r"'input\[0\]\.a\.b' holds NaN or Infinity"):
        Items.model_validate({"input": [{"a": {"b": float("nan")}}]})
