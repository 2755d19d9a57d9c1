import re
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from services.generation.contracts.fine_tuning import FineTuningJobCreate
from services.generation.contracts.responses.response import ResponseCreate
from services.retrieval.contracts.chunking import ChunkingStrategy
from services.retrieval.contracts.rerank import RerankRequest
from services.retrieval.contracts.vector_stores import FileBatchCreate, VectorStoreFileCreate
from shared.contracts.embeddings import EmbeddingsRequest
from shared.contracts.fine_tuning import DpoHyperparameters
from shared.contracts.search import SearchRequest
from shared.errors import InvalidRequest
from shared.validation.schema import Schema
from shared.validation.translate import parse, to_invalid_request

RIGHT = {"type": "eq", "key": "a", "value": 1}
WRONG = {"type": "gt", "key": "b", "value": "x"}


def refuse(kind: Any, body: Any) -> InvalidRequest:
    adapter: TypeAdapter[Any] = TypeAdapter(kind)
    with pytest.raises(ValidationError) as caught:
        adapter.validate_python(body)
    document = adapter.json_schema()
    problems = [{**problem, "loc": ("body", *problem["loc"])} for problem in caught.value.errors()]
    return to_invalid_request(problems, body, Schema(document, document))


@pytest.mark.parametrize(
    ("filters", "param", "message"),
    [
        (
            {"type": "like", "key": "a", "value": 1},
            "filters.type",
            "'filters.type' must be one of 'eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'in', 'nin'; got 'like'.",
        ),
        ({"type": "eq", "value": 1}, "filters.key", "'filters.key' is required."),
        (WRONG, "filters.value", "'filters.value' must be a number for the type 'gt'."),
        (
            {"type": "in", "key": "a", "value": 1},
            "filters.value",
            "'filters.value' must be a list of 1 to 1000 values for the type 'in'. To compare with one value, use 'eq' or 'ne'.",
        ),
        (
            {"type": "eq", "key": "a", "value": [1]},
            "filters.value",
            "'filters.value' must be a single value for the type 'eq'. To compare with a list, use 'in' or 'nin'.",
        ),
        (
            {"type": "eq", "key": "a", "value": None},
            "filters.value",
            "'filters.value' must be a string, a boolean, a number, or a list; got null.",
        ),
        (
            {"type": "in", "key": "a", "value": [1, {}]},
            "filters.value[1]",
            "'filters.value[1]' must be a string, a boolean, or a number; got an object.",
        ),
        (
            {"type": "and", "filters": [RIGHT, WRONG]},
            "filters.filters[1].value",
            "'filters.filters[1].value' must be a number for the type 'gt'.",
        ),
        (
            {"type": "or", "filters": [{"type": "and", "filters": [RIGHT, {}]}]},
            "filters.filters[0].filters[1].type",
            "'filters.filters[0].filters[1].type' is required.",
        ),
        ({"type": "and", "filters": []}, "filters.filters", "'filters.filters' must not be empty."),
    ],
)
def test_a_wrong_filter_is_named_by_the_path_that_the_caller_wrote(filters: Any, param: str, message: str) -> None:
    error = refuse(SearchRequest, {"query": "seal", "filters": filters})
    assert (error.param, error.message) == (param, message)


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
        (ChunkingStrategy, {"type": "unknown"}, "type"),
        (ChunkingStrategy, {}, "type"),
        (SearchRequest, {"query": "a", "filters": {"type": "eq", "key": "", "value": 1}}, "filters.key"),
        (VectorStoreFileCreate, {"file_id": "f", "attributes": {"": 1}}, "attributes."),
        (ResponseCreate, {"model": "m", "input": ["a"]}, "input[0]"),
        (ResponseCreate, {"model": "m", "input": [{}, {"a": [{"b": float("inf")}]}]}, "input[1].a[0].b"),
    ],
)
def test_a_path_has_no_names_of_schemas(kind: Any, body: Any, param: str | None) -> None:
    assert refuse(kind, body).param == param


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"k": "v" * 513}, "'attributes.k' must have at most 512 characters; got 513."),
        ({"k": None}, "'attributes.k' must be a string, a boolean, or a number; got null."),
        ({"k": [1]}, "'attributes.k' must be a string, a boolean, or a number; got a list."),
        ({"k": float("inf")}, "'attributes.k' must be a finite number; JSON has no NaN or Infinity."),
        ({str(number): 1 for number in range(17)}, "'attributes' must have at most 16 keys; got 17."),
        ("k", "'attributes' must be an object; got the string \"k\"."),
        ({"": 1}, "A key of 'attributes' must not be empty."),
        ({"k" * 65: 1}, "A key of 'attributes' must have 1 to 64 characters; got 65."),
    ],
)
def test_a_value_of_the_right_type_is_told_its_limit_and_another_value_the_types(attributes: Any, message: str) -> None:
    assert refuse(VectorStoreFileCreate, {"file_id": "f", "attributes": attributes}).message == message


@pytest.mark.parametrize(
    ("hyperparameters", "message"),
    [
        ({"n_epochs": 51}, "'hyperparameters.n_epochs' must be 'auto' or an integer between 1 and 50; got 51."),
        ({"n_epochs": "hot"}, "'hyperparameters.n_epochs' must be 'auto' or an integer between 1 and 50; got 'hot'."),
        (
            {"learning_rate_multiplier": 0},
            "'hyperparameters.learning_rate_multiplier' must be 'auto' or a number greater than 0; got 0.",
        ),
        ({"n_epochs": "x" * 100}, f"'hyperparameters.n_epochs' must be 'auto' or an integer between 1 and 50; got '{'x' * 60}…'."),
    ],
)
def test_all_forms_of_a_union_with_fixed_values_are_named_in_one_sentence(hyperparameters: Any, message: str) -> None:
    body = {"model": "m", "training_file": "f", "hyperparameters": hyperparameters}
    assert refuse(FineTuningJobCreate, body).message == message


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("max_num_results", 51, "'max_num_results' must be between 1 and 50; got 51."),
        ("max_num_results", 2.5, "'max_num_results' must be an integer; got the number 2.5."),
        ("diversity", "hot", "'diversity' must be a number; got the string \"hot\"."),
        ("rewrite_query", 7, "'rewrite_query' must be a boolean; got the number 7."),
        ("search_mode", "z", "'search_mode' must be one of 'vector', 'keyword', 'hybrid'; got 'z'."),
        ("fusion", {}, "'fusion.type' is required; it must be one of 'convex', 'rrf', 'dbsf'."),
        ("fusion", {"type": "sum"}, "'fusion.type' must be one of 'convex', 'rrf', 'dbsf'; got 'sum'."),
        ("ranking_options", 1, "'ranking_options' must be an object; got the number 1."),
        ("vector_store_ids", ["vs"] * 17, "'vector_store_ids' must have at most 16 items; got 17."),
        ("bogus", 1, "'bogus' is not a known parameter."),
    ],
)
def test_a_message_says_what_would_be_right_and_what_was_received(field: str, value: Any, message: str) -> None:
    assert refuse(SearchRequest, {"query": "a", field: value}).message == message


def test_a_body_that_is_wrong_as_a_whole_is_named_as_such() -> None:
    assert refuse(FileBatchCreate, []).message == "The request body must be an object; got a list."
    assert refuse(FileBatchCreate, {}).message == "Send either 'file_ids' or 'files'."


def test_a_field_may_have_the_name_of_a_place_of_fields() -> None:
    class Body(BaseModel):
        query: int

    assert refuse(Body, {"query": "x"}).param == "query"


def test_without_a_schema_the_problem_alone_is_worded() -> None:
    problem = {"loc": ("query", "limit"), "type": "less_than_equal", "msg": "", "input": "101", "ctx": {"le": 100}}
    error = to_invalid_request([problem], None)
    assert (error.param, error.message) == ("limit", "'limit' must be at most 100; got 101.")


def test_an_unforeseen_problem_is_still_a_plain_sentence() -> None:
    problem = {"loc": ("body", "when"), "type": "date_from_datetime_inexact", "msg": "Datetimes should be exact", "input": "x", "ctx": {}}
    assert re.fullmatch(r"'when' must not be .*\.", to_invalid_request([problem], {"when": "x"}).message)


def test_parse_names_fields_by_where_the_value_is_in_the_body() -> None:
    with pytest.raises(InvalidRequest) as caught:
        parse(SearchRequest, {"query": "a", "filters": {**RIGHT, "key": 1}}, ("retrieval",))
    assert (caught.value.param, caught.value.code) == ("retrieval.filters.key", "invalid_type")
    with pytest.raises(InvalidRequest, match="'retrieval' must be an object"):
        parse(SearchRequest, "x", ("retrieval",))


@pytest.mark.parametrize(
    ("kind", "body", "code"),
    [
        (SearchRequest, {}, "missing_required_parameter"),
        (SearchRequest, {"query": "a", "fusion": {}}, "missing_required_parameter"),
        (SearchRequest, {"query": "a", "no_such_field": 1}, "unknown_parameter"),
        (SearchRequest, {"query": 1}, "invalid_type"),
        (SearchRequest, {"query": "a", "max_num_results": "5"}, "invalid_type"),
        (SearchRequest, {"query": "a", "max_num_results": 5.5}, "invalid_type"),
        (SearchRequest, {"query": "a", "explain": "yes"}, "invalid_type"),
        (SearchRequest, {"query": "a", "ranking_options": []}, "invalid_type"),
        (SearchRequest, {"query": "a", "filters": {**RIGHT, "value": {}}}, "invalid_type"),
        (SearchRequest, {"query": "a", "search_mode": "best"}, "invalid_value"),
        (SearchRequest, {"query": "a", "search_mode": 5}, "invalid_type"),
        (SearchRequest, {"query": "a", "fusion": {"type": "sum"}}, "invalid_value"),
        (SearchRequest, {"query": "a", "filters": WRONG}, "invalid_value"),
        (SearchRequest, {"query": "a", "diversity": float("inf")}, "invalid_value"),
        (ResponseCreate, {"model": "m", "input": "a", "tools": [{"type": "function", "name": "a b"}]}, "invalid_value"),
        (SearchRequest, {"query": "a", "max_num_results": 51}, "integer_above_max_value"),
        (SearchRequest, {"query": "a", "max_num_results": 0}, "integer_below_min_value"),
        (SearchRequest, {"query": "a", "diversity": 2}, "decimal_above_max_value"),
        (SearchRequest, {"query": "a", "diversity": -0.5}, "decimal_below_min_value"),
        (SearchRequest, {"query": "a", "explain_file": "f" * 257}, "string_above_max_length"),
        (VectorStoreFileCreate, {"file_id": "f", "attributes": {"": 1}}, "string_below_min_length"),
        (SearchRequest, {"query": "a", "vector_store_ids": ["v"] * 17}, "array_above_max_length"),
        (SearchRequest, {"query": "a", "filters": {"type": "and", "filters": []}}, "array_below_min_length"),
        (VectorStoreFileCreate, {"file_id": "f", "attributes": {str(number): 1 for number in range(17)}}, "object_above_max_properties"),
        (DpoHyperparameters, {"n_epochs": 51}, "integer_above_max_value"),
        (DpoHyperparameters, {"n_epochs": 0}, "integer_below_min_value"),
        (DpoHyperparameters, {"n_epochs": "3"}, "invalid_type"),
        (DpoHyperparameters, {"n_epochs": "hot"}, "invalid_value"),
        (DpoHyperparameters, {"n_epochs": True}, "invalid_type"),
        (DpoHyperparameters, {"batch_size": 257}, "integer_above_max_value"),
        (DpoHyperparameters, {"max_length": 15}, "integer_below_min_value"),
        (DpoHyperparameters, {"learning_rate_multiplier": 0}, "decimal_below_min_value"),
        (DpoHyperparameters, {"learning_rate_multiplier": "0.5"}, "invalid_type"),
        (DpoHyperparameters, {"beta": 0}, "decimal_below_min_value"),
        (DpoHyperparameters, {"beta": 2.5}, "decimal_above_max_value"),
        (DpoHyperparameters, {"beta": float("inf")}, "invalid_value"),
    ],
)
def test_a_code_is_openais_name_for_the_mistake(kind: Any, body: Any, code: str) -> None:
    assert refuse(kind, body).code == code


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("learning_rate_multiplier", "'auto' or a finite number greater than 0"),
        ("beta", "'auto' or a finite number greater than 0 and at most 2"),
    ],
)
def test_a_number_that_is_not_finite_is_told_all_that_the_field_may_be(field: str, expected: str) -> None:
    assert refuse(DpoHyperparameters, {field: float("inf")}).message == f"'{field}' must be {expected}."
