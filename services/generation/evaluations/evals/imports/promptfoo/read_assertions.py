"""Reads assertions as criteria, which hold for all rows: what an assertion compares with becomes a field of the item if tests differ."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.generation.evaluations.evals.imports.promptfoo.convert_assertion import Judge, convert_assertion
from services.generation.evaluations.evals.imports.promptfoo.convert_template import convert_template
from services.generation.evaluations.evals.imports.promptfoo.list_skipped import DEFAULT_TEST
from services.generation.evaluations.evals.imports.promptfoo.read_prompts import find_model
from services.generation.evaluations.evals.imports.promptfoo.read_tests import Tests
from shared.contracts.evals.imports import SkippedField
from shared.contracts.evals.promptfoo import PromptfooAssertion, PromptfooConfig, PromptfooOptions, PromptfooTest
from shared.contracts.graders import MAX_GRADERS
from shared.errors import InvalidRequest
from shared.graders.outcome import GradingFailed
from shared.graders.sample import Sample
from shared.graders.template import Scope, render

FIRST_TEST = "config.tests[0].assert"
MAX_GROWTH = 2_000_000  # characters that variables add to the values of an assertion, in all tests together
SAME = "must have the same assertions as the first test, apart from 'value', because the criteria of an eval apply to all rows"


@dataclass(frozen=True)
class Criteria:
    """Criteria as they are sent to create an eval, items with what they compare with, the judges, and what was left out."""

    criteria: list[dict[str, Any]]
    items: list[dict[str, Any]]
    judges: list[Judge]
    skipped: list[SkippedField]


@dataclass(frozen=True)
class _Column:
    """An assertion of all tests. `values` has that of each test; one value if it is in `defaultTest` or the same for all."""

    assertion: PromptfooAssertion
    place: str
    values: list[Any]


def read_assertions(config: PromptfooConfig, tests: Tests, models: Mapping[str, str]) -> Criteria:
    """Return the criteria. `models` replaces the models of judges.

    Raises:
        InvalidRequest: if the tests have different assertions, one is wrong, or none can be a criterion.
    """
    found = Criteria([], [dict(item) for item in tests.items], [], [])
    provider = _find_provider(config)
    judge = find_model(provider, models) if provider else None
    for column in _list_columns(config):
        own = column.assertion.provider
        reason = _add(column, find_model(own, models) if own else judge, tests, found)
        if reason:
            found.skipped.append(SkippedField(param=column.place, reason=reason))
    if not 0 < len(found.criteria) <= MAX_GRADERS:
        left_out = f" {found.skipped[0].param}: {found.skipped[0].reason}" if found.skipped else ""
        problem = f"'config' must have 1 to {MAX_GRADERS} assertions that work here; got {len(found.criteria)}.{left_out}"
        raise InvalidRequest(problem, param="config.tests")
    return found


def _add(column: _Column, judge: str | None, tests: Tests, found: Criteria) -> str | None:
    """Add the criterion of an assertion, and the field that it compares with. Return why it has to be left out, if so."""
    value, param = column.values[0], f"{column.place}.value"
    if len(column.values) == 1:
        text = convert_template(value, tests.names, param) if isinstance(value, str) else value
    else:
        texts = [isinstance(each, str) for each in column.values]
        if not all(texts):
            return "Its value differs between tests, and is not always a string."
        text = f"{{{{item.{_add_field(column, tests, found.items)}}}}}"
    made = convert_assertion(column.assertion, text, judge, column.place)
    if isinstance(made, str):
        return made
    found.criteria.append(made)
    if "model" in made:
        found.judges.append(Judge(made["model"], column.place))
    return None


def _add_field(column: _Column, tests: Tests, items: Sequence[dict[str, Any]]) -> str:
    """Add a field with the values of an assertion to the items. Return its name."""
    name, growth = _name_field(items), 0
    for number, value in enumerate(column.values):
        place = f"config.tests[{number}]{column.place.removeprefix('config.tests[0]')}.value"
        items[number][name] = filled = _fill(value, tests, number, place)
        growth += len(filled) - len(value)
        if growth > MAX_GROWTH:
            problem = f"and the values before it must not grow by more than {MAX_GROWTH:,} characters when their variables are filled in"
            raise InvalidRequest(f"'{place}' {problem}.", param=place)
    return name


def _fill(value: str, tests: Tests, number: int, place: str) -> str:
    """Return a value with the variables of its test."""
    converted = convert_template(value, tests.names, place)
    try:
        return render(converted, Scope(tests.items[number], Sample()))
    except GradingFailed as error:
        raise InvalidRequest(f"'{place}' cannot be filled in: {error.message}", param=place) from error


def _name_field(items: Sequence[Collection[str]]) -> str:
    taken = {name for item in items for name in item}
    number = next(number for number in range(1, len(taken) + 2) if f"expected_{number}" not in taken)
    return f"expected_{number}"


def _find_provider(config: PromptfooConfig) -> Any:
    """Return the provider that grades in all tests, None if they name none."""
    default = _own_provider(config.default_test)
    first, *rest = [_own_provider(test) or default for test in config.tests]
    for number, other in enumerate(rest, start=1):
        if other != first:
            param = f"config.tests[{number}].options.provider"
            raise InvalidRequest(f"'{param}' must be the same as in the first test, because criteria apply to all rows.", param=param)
    return first


def _own_provider(test: PromptfooTest | None) -> Any:
    return test.options.provider if test and isinstance(test.options, PromptfooOptions) else None


def _list_columns(config: PromptfooConfig) -> Iterator[_Column]:
    for position, assertion in enumerate((config.default_test.asserts if config.default_test else None) or []):
        yield _Column(assertion, f"{DEFAULT_TEST}.assert[{position}]", [assertion.value])
    first, *rest = [test.asserts or [] for test in config.tests]
    shape = _shape(first)
    for number, other in enumerate(rest, start=1):
        if _shape(other) != shape:
            param = f"config.tests[{number}].assert"
            raise InvalidRequest(f"'{param}' {SAME}. Import tests with other assertions as a separate eval.", param=param)
    for position, assertion in enumerate(first):
        values = [assertion.value, *(other[position].value for other in rest)]
        same = all(value == values[0] and type(value) is type(values[0]) for value in values)
        yield _Column(assertion, f"{FIRST_TEST}[{position}]", values[:1] if same else values)


def _shape(assertions: Sequence[PromptfooAssertion]) -> list[dict[str, Any]]:
    return [assertion.model_dump(exclude={"value"}) for assertion in assertions]
