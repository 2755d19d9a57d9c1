"""Which item of a list is named if the list may have several forms, and how its items are told."""

from typing import Any

import pytest
from pydantic import BaseModel, Field, create_model

from services.generation.contracts.chat.engine_fields import CompletionFields
from shared.contracts.embeddings import EmbeddingsRequest
from shared.errors import InvalidRequest
from shared.validation.translate import parse


def refuse(model: type[BaseModel], body: Any) -> InvalidRequest:
    with pytest.raises(InvalidRequest) as caught:
        parse(model, body)
    return caught.value


@pytest.mark.parametrize(
    ("value", "place", "predicate"),
    [
        ([5, "a"], "[1]", 'must be an integer; got the string "a"'),
        ([5, 1.5], "[1]", "must be an integer; got the number 1.5"),
        ([5, True], "[1]", "must be an integer; got true"),
        ([5, None], "[1]", "must be an integer; got null"),
        ([5, [1]], "[1]", "must be an integer; got a list"),
        ([5, {}], "[1]", "must be an integer; got an object"),
        ([5, 6, "a", None], "[2]", 'must be an integer; got the string "a"'),
        ([*range(12), "a"], "[12]", 'must be an integer; got the string "a"'),
        (["a", 5], "[1]", "must be a string; got the number 5"),
        (["a", "b", [1]], "[2]", "must be a string; got a list"),
        ([[1], "a"], "[1]", 'must be a list of integers; got the string "a"'),
        ([[1], 5], "[1]", "must be a list of integers; got the number 5"),
        ([[1], [2], None], "[2]", "must be a list of integers; got null"),
        ([[5], ["a"]], "[1][0]", 'must be an integer; got the string "a"'),
        ([[5], [6, "a"], 7], "[1][1]", 'must be an integer; got the string "a"'),
        ([None, 5], "[0]", "must be a string, an integer, or a list; got null"),
    ],
)
@pytest.mark.parametrize(("model", "field", "rest"), [(EmbeddingsRequest, "input", {"model": "m"}), (CompletionFields, "prompt", {})])
def test_the_item_that_does_not_fit_the_items_before_it_is_named(
    model: type[BaseModel], field: str, rest: dict[str, Any], value: Any, place: str, predicate: str
) -> None:
    error = refuse(model, {**rest, field: value})
    assert (error.param, error.message) == (f"{field}{place}", f"'{field}{place}' {predicate}.")


def test_an_item_of_the_right_type_that_is_not_allowed_is_named_before_a_later_one_of_another_type() -> None:
    error = refuse(EmbeddingsRequest, {"model": "m", "input": [5, 6, -1, "a"]})
    assert (error.param, error.message) == ("input[2]", "'input[2]' must be at least 0; got -1.")


class Item(BaseModel):
    size: int = Field(ge=0, strict=True)


class Order(BaseModel):
    items: str | list[Item] | list[list[Item]]


@pytest.mark.parametrize(
    ("items", "param"),
    [
        ([{"size": "x"}, {"size": -1}], "items[0].size"),
        ([{"size": 1}, 5, {"size": -1}], "items[1]"),
        ([[{"size": 1}], [{}, {"size": -1}]], "items[1][0].size"),
    ],
)
def test_the_first_wrong_item_is_named_before_a_later_one_that_is_nearly_right(items: Any, param: str) -> None:
    assert refuse(Order, {"items": items}).param == param


@pytest.mark.parametrize(
    ("kind", "value", "predicate"),
    [
        (list[str], 5, "must be a list; got the number 5"),
        (list[int], "a", 'must be a list of integers; got the string "a"'),
        (list[float], None, "must be a list of numbers; got null"),
        (list[str | int], 5, "must be a list; got the number 5"),
        (list[list[int]], 5, "must be a list; got the number 5"),
        (list[int] | list[str], 5, "must be a list; got the number 5"),
        (str | list[int], 5, "must be a string or a list; got the number 5"),
    ],
)
def test_a_list_is_told_with_its_items_if_these_are_numbers(kind: Any, value: Any, predicate: str) -> None:
    assert refuse(create_model("Body", field=(kind, ...)), {"field": value}).message == f"'field' {predicate}."
