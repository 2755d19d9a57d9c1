from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from services.retrieval.contracts.chunking import ChunkingStrategy
from services.retrieval.contracts.rerank import RerankRequest
from services.retrieval.contracts.vector_stores import FileBatchCreate, VectorStoreCreate, VectorStoreFileCreate
from shared.contracts.embeddings import EmbeddingsRequest
from shared.contracts.search import SearchRequest
from shared.errors import InvalidRequest
from shared.validation_errors import to_invalid_request

GOOD = {"type": "eq", "key": "a", "value": 1}
LATE = {"type": "gt", "key": "b", "value": "x"}


def refused(kind: Any, body: Any) -> InvalidRequest:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(kind).validate_python(body)
    return to_invalid_request([{**problem, "loc": ("body", *problem["loc"])} for problem in caught.value.errors()], body)


@pytest.mark.parametrize(
    ("filters", "param", "words"),
    [
        ({"type": "like", "key": "a", "value": 1}, "filters.type", "'nin'"),
        ({"type": "eq", "value": 1}, "filters.key", "required"),
        (LATE, "filters.value", "compares numbers"),
        ({"type": "in", "key": "a", "value": 1}, "filters.value", "there is `eq`"),
        ({"type": "eq", "key": "a", "value": [1]}, "filters.value", "`in` and `nin`"),
        ({"type": "eq", "key": "a", "value": None}, "filters.value", "It must be a text or true or false or a number or a list, not null"),
        ({"type": "in", "key": "a", "value": [1, {}]}, "filters.value[1]", "It must be a text or true or false or a number, not an object"),
        ({"type": "and", "filters": [GOOD, LATE]}, "filters.filters[1].value", "compares numbers"),
        ({"type": "or", "filters": [{"type": "and", "filters": [GOOD, {}]}]}, "filters.filters[0].filters[1].type", "required"),
        ({"type": "and", "filters": []}, "filters.filters", "at least 1"),
    ],
)
def test_a_wrong_filter_is_told_by_the_path_that_the_caller_wrote(filters: Any, param: str, words: str) -> None:
    error = refused(SearchRequest, {"query": "seal", "filters": filters})
    assert error.param == param and error.message.startswith(f"'{param}': ")
    assert words in error.message and "Value error" not in error.message


@pytest.mark.parametrize(
    ("kind", "body", "param"),
    [
        (SearchRequest, {"query": None}, "query"),
        (SearchRequest, {"query": "a", "fusion": {"type": "convex", "alpha": 2}}, "fusion.alpha"),
        (EmbeddingsRequest, {"model": "m", "input": [[]]}, "input[0]"),
        (EmbeddingsRequest, {"model": "m", "input": ["a", [1]]}, "input[1]"),
        (EmbeddingsRequest, {"model": "m", "input": [True]}, "input[0]"),
        (EmbeddingsRequest, {"model": "m"}, "input"),
        (RerankRequest, {"query": "q", "documents": ["a", {"text": ""}]}, "documents[1].text"),
        (RerankRequest, {"query": "q", "documents": [{"title": "a"}]}, "documents[0].text"),
        (VectorStoreFileCreate, {"file_id": "f", "chunking_strategy": {"type": "static"}}, "chunking_strategy.static"),
        (
            VectorStoreFileCreate,
            {"file_id": "f", "chunking_strategy": {"type": "static", "static": {"max_chunk_size_tokens": 1, "chunk_overlap_tokens": 0}}},
            "chunking_strategy.static.max_chunk_size_tokens",
        ),
        (VectorStoreFileCreate, {"file_id": "f", "attributes": {"k": []}}, "attributes.k"),
        (FileBatchCreate, {"files": [{"file_id": "f"}, {"file_id": "g", "attributes": {"k": "v" * 513}}]}, "files[1].attributes.k"),
        (FileBatchCreate, {"files": [{"file_id": "f", "nonsense": 1}]}, "files[0].nonsense"),
        (ChunkingStrategy, {"type": "unheard of"}, "type"),
        (ChunkingStrategy, {}, "type"),
        (SearchRequest, {"query": "a\0"}, "query"),
        (SearchRequest, {"query": "a", "filters": {"type": "eq", "key": "", "value": 1}}, "filters.key"),
        (VectorStoreFileCreate, {"file_id": "f", "attributes": {"": 1}}, "attributes."),
        (VectorStoreCreate, {"metadata": {"a": "b\0"}}, "metadata.a"),
        (FileBatchCreate, {"files": [{"file_id": "f"}, {"file_id": "g", "attributes": {"a\0": 1}}]}, "files[1].attributes"),
    ],
)
def test_names_of_a_fields_forms_are_in_no_path(kind: Any, body: Any, param: str | None) -> None:
    assert refused(kind, body).param == param


@pytest.mark.parametrize(
    ("attributes", "said"),
    [
        ({"k": "v" * 513}, "'attributes.k': String should have at most 512 characters"),
        ({"k": None}, "'attributes.k': It must be a text or true or false or a number, not null"),
        ({"k": [1]}, "'attributes.k': It must be a text or true or false or a number, not a list"),
        ({"k": float("inf")}, "'attributes.k' holds NaN or Infinity, which JSON does not have; send a number"),
        ({str(number): 1 for number in range(17)}, "'attributes': 17 entries are too many; there may be 16"),
        ("k", "'attributes': It must be an object, not a text"),
        ({"": 1}, "'attributes.': Its name: String should have at least 1 character"),
        ({"k": "a\0"}, "'attributes.k' holds the character zero (\\u0000), which cannot be stored; leave it out"),
    ],
)
def test_of_several_forms_only_what_is_wrong_is_told(attributes: Any, said: str) -> None:
    assert refused(VectorStoreFileCreate, {"file_id": "f", "attributes": attributes}).message == said


def test_a_strategy_that_is_not_known_is_told_which_there_are() -> None:
    error = refused(VectorStoreCreate, {"chunking_strategy": {"type": "words"}})
    assert error.message.startswith("'chunking_strategy.type': 'words' is none of 'static', ")


def test_a_key_that_is_too_long_is_told_apart_from_its_value() -> None:
    error = refused(VectorStoreFileCreate, {"file_id": "f", "attributes": {"k" * 65: 1}})
    assert error.message == f"'attributes.{'k' * 65}': Its name: String should have at most 64 characters"


def test_what_is_wrong_with_the_body_as_a_whole_says_so() -> None:
    assert refused(FileBatchCreate, []).message.startswith("The body: ")
    assert refused(FileBatchCreate, {}).message == "name the files either in file_ids or in files"


def test_a_field_that_is_called_like_a_place_keeps_its_name() -> None:
    class Asked(BaseModel):
        query: int

    assert refused(Asked, {"query": "x"}).param == "query"
    assert to_invalid_request([{"loc": ("query", "limit"), "type": "int_parsing", "msg": "no number"}], None).param == "limit"
