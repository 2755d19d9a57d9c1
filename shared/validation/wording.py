"""Words a problem as the predicate of a sentence, such as `must be between 1 and 50; got 51`.

The allowed values come from the JSON Schema of the field: it has both bounds of a range and all forms of a union, of which pydantic
names one each.
"""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from shared.validation.locate import Problem
from shared.validation.schema import Node
from shared.validation.shorten import shorten
from shared.validation.storable import LONE_SURROGATE, NOT_A_NUMBER, UNUSABLE_TEXT

MAX_SHOWN = 60
REFUSED = "x-refused"  # in the schema of a tag that is known, but not allowed
# pydantic's problems with the type of a value, by the type in JSON that would be right.
JSON_TYPES = {
    "string_type": "string", "bool_type": "boolean", "bool_parsing": "boolean", "int_type": "integer", "int_parsing": "integer",
    "int_parsing_size": "integer", "int_from_float": "integer", "float_type": "number", "float_parsing": "number", "list_type": "array",
    "dict_type": "object", "model_type": "object", "model_attributes_type": "object",
}  # fmt: skip
TYPE_NAMES = {
    "string": "a string", "boolean": "a boolean", "integer": "an integer", "number": "a number", "array": "a list", "object": "an object",
}  # fmt: skip
NUMBER_LISTS = {"integer": "a list of integers", "number": "a list of numbers"}
# pydantic's problems with the value, by JSON Schema's keyword for the limit in `ctx`.
LIMITS = {
    "greater_than_equal": ("minimum", "ge"), "less_than_equal": ("maximum", "le"), "greater_than": ("exclusiveMinimum", "gt"),
    "less_than": ("exclusiveMaximum", "lt"), "string_pattern_mismatch": ("pattern", "pattern"),
    "string_too_short": ("minLength", "min_length"), "string_too_long": ("maxLength", "max_length"),
}  # fmt: skip
SIZES = {"too_short": ("minItems", "minProperties", "min_length"), "too_long": ("maxItems", "maxProperties", "max_length")}
NUMBERS = ("integer", "number")
COUNTED = {"Length": "character", "Items": "item", "Properties": "key"}


def word(problems: Sequence[Problem], forms: Sequence[Node]) -> str:
    """Return the predicate for `problems`, which are all about one value that may have one of `forms`."""
    first = main_problem(problems)
    kinds = {problem["type"] for problem in problems}
    if {"literal_error", "finite_number"} <= kinds:
        return f"must be {_either([_describe_finite(form) for form in forms])}"
    if first["type"] in FIXED:
        return FIXED[first["type"]](first, forms)
    failed = list({id(form): form for form in (failed_form(problem, forms) for problem in problems)}.values())
    if len(failed) > 1 and any(_choices(form) for form in failed):
        return f"must be {_either([_describe_form(form) for form in failed])}; got {_show(first['input'])}"
    if first["type"] in JSON_TYPES:
        return f"must be {_number_list(failed, forms) or _either(_type_names(failed))}; got {_show_typed(first['input'])}"
    return _word_limit(first["input"], failed_form(first, forms))


def main_problem(problems: Sequence[Problem]) -> Problem:
    """Return the problem with the form that the caller meant: the first of the right type, or else the first.

    A string that reads as a number means a number if the other forms are fixed values.
    """
    close = [problem for problem in problems if not has_wrong_type(problem)]
    numbers = [problem for problem in problems if JSON_TYPES.get(problem["type"]) in NUMBERS]
    if numbers and _reads_as_number(numbers[0]["input"]) and all(problem["type"] == "literal_error" for problem in close):
        return numbers[0]
    return close[0] if close else problems[0]


def has_wrong_type(problem: Problem) -> bool:
    """Return whether the value has another type than the form of the problem. Fixed values count as strings."""
    return problem["type"] in JSON_TYPES or (problem["type"] == "literal_error" and not isinstance(problem["input"], str))


def failed_form(problem: Problem, forms: Sequence[Node]) -> Node:
    """Return the form that the value does not have, as the schema describes it, or else as the problem does."""
    if problem["type"] == "literal_error":
        return next((form for form in forms if _choices(form)), {"enum": [], "expected": problem["ctx"]["expected"]})
    own = _own_form(problem)
    return next((form for form in forms if own.items() <= form.items()), own)


def _reads_as_number(value: Any) -> bool:
    try:
        return isinstance(value, str) and math.isfinite(float(value))
    except ValueError:
        return False


def _own_form(problem: Problem) -> Node:
    kind, context = problem["type"], problem.get("ctx", {})
    if kind in JSON_TYPES:
        return {"type": JSON_TYPES[kind]}
    if kind in SIZES:
        items, properties, limit = SIZES[kind]
        return {properties if isinstance(problem["input"], Mapping) else items: context[limit]}
    keyword, limit = LIMITS.get(kind, ("", ""))
    return {keyword: context[limit]} if keyword else {}


def _word_limit(value: Any, form: Node) -> str:
    if _choices(form):
        return f"must be {_describe_choices(form)}; got {_show(value)}"
    if bounds := _describe_bounds(form):
        return f"must be {bounds}; got {value if isinstance(value, str) else _show(value)}"
    if isinstance(value, str) and "pattern" in form:
        return f"must match the pattern '{form['pattern']}'; got {_show(value)}"
    if isinstance(value, str | list | dict) and (size := _describe_size(form)):
        return "must not be empty" if not value else f"must have {size}; got {len(value)}"
    return f"must not be {_show_typed(value)}"


def _describe_form(form: Node) -> str:
    """Return a form with its bounds, such as `an integer between 1 and 50`."""
    if _choices(form):
        return _describe_choices(form)
    name, bounds = TYPE_NAMES.get(form.get("type", ""), "a value"), _describe_bounds(form)
    joint = " of " if bounds.startswith(("at least", "at most")) else " "
    return f"{name}{joint}{bounds}" if bounds else name


def _describe_finite(form: Node) -> str:
    """Return a form for a number that is not finite, such as `a finite number greater than 0`."""
    return _describe_form(form).replace("a number", "a finite number", 1)


def _type_names(forms: Sequence[Node]) -> list[str]:
    types = [form.get("type", "") for form in forms]
    return [TYPE_NAMES[kind] for kind in dict.fromkeys(types) if not (kind == "integer" and "number" in types)]


def _number_list(failed: Sequence[Node], forms: Sequence[Node]) -> str | None:
    """Return `a list of integers` or `a list of numbers` if only that would be right."""
    lists = [form for form in forms if form.get("type") == "array"]
    return NUMBER_LISTS.get(lists[0].get("items", {}).get("type")) if len(lists) == 1 and failed == lists else None


def _choices(form: Node) -> list[Any] | None:
    values: list[Any] | None = [form["const"]] if "const" in form else form.get("enum")
    return values if values or "expected" not in form else [form["expected"]]


def _describe_choices(form: Node) -> str:
    if "expected" in form:
        return str(form["expected"])
    values = [_show(value) for value in _choices(form) or ()]
    return values[0] if len(values) == 1 else f"one of {', '.join(values)}"


def _describe_bounds(form: Node) -> str:
    low, high = form.get("minimum"), form.get("maximum")
    above, below = form.get("exclusiveMinimum"), form.get("exclusiveMaximum")
    if low is not None and high is not None:
        return f"between {_number(low)} and {_number(high)}"
    named = {"greater than": above, "at least": low, "less than": below, "at most": high}
    return " and ".join(f"{words} {_number(limit)}" for words, limit in named.items() if limit is not None)


def _describe_size(form: Node) -> str:
    for suffix, noun in COUNTED.items():
        low, high = form.get(f"min{suffix}"), form.get(f"max{suffix}")
        if low and high:
            return f"{low if low == high else f'{low} to {high}'} {noun}s"
        if low or high:
            words, limit = ("at most", high) if high else ("at least", low)
            return f"{words} {limit} {noun}{'' if limit == 1 else 's'}"
    return ""


def _either(names: Sequence[str]) -> str:
    """Return `a, b, or c`."""
    if len(names) < 3 and not names[0].startswith("one of"):
        return " or ".join(names)
    return f"{', '.join(names[:-1])}, or {names[-1]}"


def _number(value: float) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _show(value: Any) -> str:
    """Return a value as a message shows it: strings in single quotes and not too long, lists and objects by their kind."""
    if isinstance(value, str):
        return f"'{shorten(value, MAX_SHOWN)}'"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, float):
        return _number(value)
    return json.dumps(value) if isinstance(value, bool | int | None) else "an object"


def _show_typed(value: Any) -> str:
    """Return a value with its type, for a value of the wrong type."""
    if isinstance(value, str):
        return f'the string "{_show(value)[1:-1]}"'
    return f"the number {_show(value)}" if isinstance(value, int | float) and not isinstance(value, bool) else _show(value)


def _word_unknown_tag(problem: Problem, forms: Sequence[Node]) -> str:
    sent, name = problem["input"], problem["ctx"]["discriminator"].strip("'")
    tag = sent.get(name) if isinstance(sent, Mapping) else problem["ctx"]["tag"]
    refused = {_show(value) for form in forms if REFUSED in form for value in _choices(form) or ()}
    allowed = [each for each in problem["ctx"]["expected_tags"].split(", ") if each not in refused]
    return f"must be one of {', '.join(allowed)}; got {_show(tag)}"


def _word_missing_tag(_: Problem, forms: Sequence[Node]) -> str:
    tags = dict.fromkeys(_show(value) for form in forms if REFUSED not in form for value in _choices(form) or ())
    return f"is required; it must be one of {', '.join(tags)}" if tags else "is required"


def _word_check(problem: Problem, _: Sequence[Node]) -> str:
    return str(problem["ctx"]["error"]).rstrip(".")


FIXED: Mapping[str, Callable[[Problem, Sequence[Node]], str]] = {
    "value_error": _word_check,
    "missing": lambda *_: "is required",
    "string_unicode": lambda *_: LONE_SURROGATE,
    "extra_forbidden": lambda *_: "is not a known parameter",
    "finite_number": lambda *_: NOT_A_NUMBER,
    UNUSABLE_TEXT: lambda problem, _: str(problem["msg"]),
    "union_tag_invalid": _word_unknown_tag,
    "union_tag_not_found": _word_missing_tag,
}
