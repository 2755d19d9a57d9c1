from typing import Any

import pytest
from pydantic import ValidationError

from services.generation.contracts.responses.response import ResponseCreate

SEARCH: dict[str, Any] = {"type": "file_search", "vector_store_ids": ["vs_a"]}
LOOK: dict[str, Any] = {"type": "function", "name": "look"}


def make_request(**fields: Any) -> ResponseCreate:
    return ResponseCreate(model="tiny", input="one", **fields)


@pytest.mark.parametrize(
    ("choice", "searches", "functions", "is_forced"),
    [
        ("auto", True, ["look"], False),
        ("none", False, ["look"], False),
        ("required", True, ["look"], False),
        ({"type": "file_search"}, True, [], True),
        ({"type": "function", "name": "look"}, False, ["look"], False),
        ({"type": "allowed_tools", "mode": "auto", "tools": [{"type": "file_search"}]}, True, [], False),
    ],
)
def test_tool_choice_decides_which_tools_may_be_used(choice: Any, searches: bool, functions: list[str], is_forced: bool) -> None:
    request = make_request(tools=[LOOK, SEARCH], tool_choice=choice)
    assert (request.search is not None, request.is_search_forced) == (searches, is_forced)
    assert [tool.name for tool in request.functions] == functions


def test_the_search_tool_is_named_by_its_place_in_the_request() -> None:
    assert make_request(tools=[LOOK, SEARCH]).search_path == "tools[1]"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"tools": [SEARCH, SEARCH]}, "more than one 'file_search'"),
        ({"tools": [LOOK], "tool_choice": {"type": "file_search"}}, "names a tool that is not in 'tools': file_search"),
        ({"tool_choice": "required"}, "'tools' is empty"),
        ({"background": True, "store": False}, "'background' requires 'store'"),
    ],
)
def test_fields_that_contradict_each_other_are_an_error(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        make_request(**fields)
