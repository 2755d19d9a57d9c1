"""JSON Schemas (draft 2020-12) that callers write: what is wrong with one, and a validator for it.

None may reach the network, hang or exhaust memory. References may point into the schema only, and are followed a limited number of times;
patterns are searched with a time limit. The schemas of a file may share a limit, because a file may have thousands.
"""

import json
import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from urllib.parse import unquote

import regex
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, ValidationError
from jsonschema.validators import extend
from referencing import Registry
from referencing.exceptions import Unresolvable

MAX_REFERENCES = 20_000
PATTERN_SECONDS = 0.25
MAX_PATTERN = 1000
MAX_NODES = 10_000
SORTABLE = 1000  # jsonschema compares every item of a longer list with every other
MAX_DIGITS = 10  # of an index in a reference; no list is longer
REFERENCES = ("$ref", "$dynamicRef")
OF_SCHEMAS = ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas")  # keywords whose value names schemas
OF_VALUES = ("enum", "const", "default", "examples", "required")  # keywords whose value has none
TYPES = ("string", "number", "integer", "boolean", "object", "array", "null")
BOUNDS = tuple((f"min{each}", f"max{each}") for each in ("imum", "Length", "Items", "Properties"))
# A validator raises one of these if the schema takes too long, or has a reference or a pattern that is not valid.
UNUSABLE = (TimeoutError, RecursionError, OverflowError, Unresolvable, regex.error)
Errors = Iterator[ValidationError]


class CpuBudget:
    """How many seconds of processor time the schemas of one source may take together, in `applied` and `spend`."""

    def __init__(self, seconds: float) -> None:
        self._left = seconds
        self._deadline = math.inf

    def add(self, seconds: float) -> None:
        """Allow more, not while the time is counted."""
        self._left += seconds

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Make this the budget of what the calling thread spends."""
        token = _BUDGET.set(self)
        try:
            yield
        finally:
            _BUDGET.reset(token)

    @contextmanager
    def count(self) -> Iterator[None]:
        """Count the processor time of the calling thread. Raise TimeoutError if nothing is left."""
        self._deadline = time.thread_time() + self._left
        try:
            self.check()
            yield
        finally:
            self._left, self._deadline = self._deadline - time.thread_time(), math.inf

    def check(self) -> None:
        """Raise TimeoutError if nothing is left."""
        if time.thread_time() >= self._deadline:
            raise TimeoutError


_BUDGET: ContextVar[CpuBudget | None] = ContextVar("cpu_budget", default=None)


@contextmanager
def spend() -> Iterator[None]:
    """Use up the budget that is applied, if there is one. Raise TimeoutError if nothing is left; validators do it while they work."""
    budget = _BUDGET.get()
    if budget is None:
        yield
        return
    with budget.count():
        yield


def find_schema_problem(schema: Mapping[str, Any]) -> str | None:
    """Return what is wrong with a schema, as the predicate of a sentence; None if nothing is."""
    try:
        if problem := _find_problem(schema):
            return problem
        Draft202012Validator.check_schema(schema)
        return None
    except SchemaError as error:
        return f"must be a JSON Schema (draft 2020-12): {error.message[:200]}"
    except (RecursionError, OverflowError):
        return "is nested too deeply"


def find_contradiction(schema: Any) -> str | None:
    """Return why a schema means nothing or allows nothing, as the predicate of a sentence; None if no reason is found.

    Some of these schemas are valid JSON Schemas, but an engine cannot make answers that match them.
    """
    problems = (problem for each in subschemas(schema) for problem in _contradictions(each, schema))
    return next(problems, None)


def subschemas(schema: Any) -> Iterator[Mapping[str, Any]]:
    """Yield `schema` and every schema in it, however deep."""
    waiting = [schema]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += reversed(value)
        elif isinstance(value, dict):
            yield value
            named = [each for name in OF_SCHEMAS if isinstance(schemas := value.get(name), dict) for each in schemas.values()]
            others = [each for name, each in value.items() if name not in (*OF_SCHEMAS, *OF_VALUES)]
            waiting += reversed([*named, *others])


def _contradictions(schema: Mapping[str, Any], root: Any) -> Iterator[str]:
    kinds, reference = schema.get("type"), schema.get("$ref")
    for kind in kinds if isinstance(kinds, list) else [kinds]:
        if isinstance(kind, str) and kind not in TYPES:
            yield f"has the 'type' '{kind[:80]}', but the types of JSON are {', '.join(map(repr, TYPES))}"
    if schema.get("enum") == []:
        yield "has an 'enum' without values"
    for low, high in BOUNDS:
        least, most = schema.get(low), schema.get(high)
        if isinstance(least, int | float) and isinstance(most, int | float) and least > most:
            yield f"has a '{low}' above its '{high}'"
    if isinstance(reference, str) and reference.startswith("#/") and not _has(root, reference):
        yield f"refers to '{reference[:80]}', which it does not have"


def _has(value: Any, reference: str) -> bool:
    for part in unquote(reference).removeprefix("#/").split("/"):
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, list) and name.isdecimal() and len(name) < MAX_DIGITS and int(name) < len(value):
            value = value[int(name)]
        elif isinstance(value, dict) and name in value:
            value = value[name]
        else:
            return False
    return True


def _find_problem(schema: Any) -> str | None:
    keywords = list(_walk(schema))
    if len(keywords) > MAX_NODES:
        return f"must have at most {MAX_NODES:,} keywords"
    names = {name for name, _ in keywords}
    if {"patternProperties", "unevaluatedProperties"} <= names:
        return "must not have 'unevaluatedProperties' beside 'patternProperties'"
    return next((problem for name, value in keywords if (problem := _keyword_problem(name, value))), None)


def _walk(value: Any) -> Iterator[tuple[str, Any]]:
    for name, each in value.items() if isinstance(value, dict) else (("", each) for each in value if isinstance(value, list)):
        if name:
            yield name, each
        if isinstance(each, dict | list):
            yield from _walk(each)


def _keyword_problem(name: str, value: Any) -> str | None:
    if name in REFERENCES and isinstance(value, str) and not value.startswith("#"):
        return f"must not refer to '{value[:80]}'; a reference must begin with '#', because no other document is read"
    patterns = [value] if name == "pattern" else list(value) if name == "patternProperties" and isinstance(value, dict) else []
    for pattern in patterns:
        if isinstance(pattern, str) and not _compiles(pattern):
            return f"must have only valid patterns of at most {MAX_PATTERN} characters; got '{pattern[:80]}'"
    return None


def _compiles(pattern: str) -> bool:
    try:
        return len(pattern) <= MAX_PATTERN and regex.compile(pattern) is not None
    except (regex.error, OverflowError, RecursionError):
        return False


def make_validator(schema: Mapping[str, Any]) -> Any:
    """Return a validator of jsonschema for a schema without problems. It may raise one of `UNUSABLE`, such as after too many references."""
    budget = iter(range(MAX_REFERENCES))

    def follow(validator: Any, reference: str, instance: Any, schema: Mapping[str, Any]) -> Errors:
        if next(budget, None) is None:
            raise TimeoutError
        return iter(Draft202012Validator.VALIDATORS["$ref"](validator, reference, instance, schema) or ())

    make: Any = extend
    keywords = {**Draft202012Validator.VALIDATORS, **dict.fromkeys(REFERENCES, follow), **LIMITED}
    limited = make(Draft202012Validator, {name: _within_budget(keyword) for name, keyword in keywords.items()})
    return limited(schema, registry=Registry())


def _within_budget(keyword: Callable[..., Any]) -> Callable[..., Any]:
    def apply(*args: Any) -> Any:
        if budget := _BUDGET.get():
            budget.check()
        return keyword(*args)

    return apply


def _pattern(validator: Any, pattern: str, instance: Any, _schema: Mapping[str, Any]) -> Errors:
    if validator.is_type(instance, "string") and not _search(pattern, instance):
        yield ValidationError("does not match the pattern")


def _pattern_properties(validator: Any, patterns: Mapping[str, Any], instance: Any, _schema: Mapping[str, Any]) -> Errors:
    if validator.is_type(instance, "object"):
        for pattern, schema in patterns.items():
            for name, value in instance.items():
                if _search(pattern, name):
                    yield from validator.descend(value, schema, path=name)


def _additional_properties(validator: Any, allowed: Any, instance: Any, schema: Mapping[str, Any]) -> Errors:
    if validator.is_type(instance, "object"):
        patterns = schema.get("patternProperties", {})
        for name, value in instance.items():
            if name not in schema.get("properties", {}) and not any(_search(pattern, name) for pattern in patterns):
                yield from validator.descend(value, allowed, path=name)


def _unique_items(validator: Any, is_unique: bool, instance: Any, schema: Mapping[str, Any]) -> Errors:
    if is_unique and isinstance(instance, list) and len(instance) > SORTABLE:
        if len({json.dumps(each, sort_keys=True) for each in instance}) < len(instance):
            yield ValidationError("has the same item twice")
        return
    yield from Draft202012Validator.VALIDATORS["uniqueItems"](validator, is_unique, instance, schema) or ()


def _search(pattern: str, text: str) -> bool:
    return regex.search(pattern, text, timeout=PATTERN_SECONDS) is not None


LIMITED = {
    "pattern": _pattern, "patternProperties": _pattern_properties, "additionalProperties": _additional_properties,
    "uniqueItems": _unique_items,
}  # fmt: skip
