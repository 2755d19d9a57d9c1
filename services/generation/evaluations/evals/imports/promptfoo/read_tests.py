"""Reads tests as rows: the variables of a test are the fields of its item."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.contracts.evals.promptfoo import PromptfooConfig, PromptfooOptions, PromptfooTest
from shared.errors import InvalidRequest

TYPES = {str: "string", bool: "boolean", int: "number", float: "number", dict: "object", list: "array", type(None): "null"}
MAX_VARIABLES = 1000
MAX_SHARED_CHARACTERS = 10_000_000  # of the variables of `defaultTest`, in all tests together
NO_TEST, NO_OPTIONS = PromptfooTest(), PromptfooOptions(disableVarExpansion=None)


@dataclass(frozen=True)
class Tests:
    """The items of all tests, in their order, and the names of the variables, of which an item may lack some."""

    items: list[dict[str, Any]]
    names: Mapping[str, None]


def read_tests(config: PromptfooConfig) -> Tests:
    """Return the items of the tests, with the variables of `defaultTest`.

    Raises:
        InvalidRequest: if a variable is a list that stands for several tests, or the name of a file, or if there are too many.
    """
    default = config.default_test or NO_TEST
    _check_shared(default, len(config.tests))
    items = [_read_item(test, default, f"config.tests[{number}]") for number, test in enumerate(config.tests)]
    names = dict.fromkeys(name for item in items for name in item)
    if len(names) > MAX_VARIABLES:
        problem = f"'config.tests' must have at most {MAX_VARIABLES:,} variables; got {len(names):,}."
        raise InvalidRequest(problem, param="config.tests")
    return Tests(items, names)


def _check_shared(default: PromptfooTest, tests: int) -> None:
    size = len(json.dumps(default.vars or {}, ensure_ascii=False))
    if size * tests > MAX_SHARED_CHARACTERS:
        param = "config.defaultTest.vars"
        problem = f"must have at most {MAX_SHARED_CHARACTERS // tests:,} characters as JSON, because each of {tests:,} tests has them"
        raise InvalidRequest(f"'{param}' {problem}; got {size:,}.", param=param)


def _read_item(test: PromptfooTest, default: PromptfooTest, place: str) -> dict[str, Any]:
    item = {**(default.vars or {}), **(test.vars or {})}
    for name, value in item.items():
        param = f"{place if name in (test.vars or {}) else 'config.defaultTest'}.vars.{name}"
        if isinstance(value, str) and value.startswith("file://"):
            raise InvalidRequest(f"'{param}' must be the value itself, because files are not read here.", param=param)
        if isinstance(value, list) and not _keeps_lists(test, default):
            problem = "must not be a list, which stands for several tests. Write a test for each value, or set 'disableVarExpansion'"
            raise InvalidRequest(f"'{param}' {problem} in the options of the test if the list is a single value.", param=param)
    return item


def _keeps_lists(test: PromptfooTest, default: PromptfooTest) -> bool:
    own, common = (test.options or NO_OPTIONS).disable_var_expansion, (default.options or NO_OPTIONS).disable_var_expansion
    return bool(common if own is None else own)


def describe_items(items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the JSON Schema of items: each field has the types of its values, and is required if every item has it."""
    types, counts = dict[str, set[str]](), Counter[str]()
    for item in items:
        counts.update(item.keys())
        for name, value in item.items():
            types.setdefault(name, set()).add(TYPES[type(value)])
    properties = {name: {"type": min(found) if len(found) == 1 else sorted(found)} for name, found in types.items()}
    return {"type": "object", "properties": properties, "required": [name for name in properties if counts[name] == len(items)]}
