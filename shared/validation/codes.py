"""The `code` of a validation error: OpenAI's name for the mistake, the same wherever it is made."""

from collections.abc import Mapping

from shared.validation.locate import Problem
from shared.validation.schema import Node
from shared.validation.wording import has_wrong_type

INVALID_TYPE = "invalid_type"
INVALID_VALUE = "invalid_value"
MISSING = "missing_required_parameter"
UNKNOWN_PARAMETER = "unknown_parameter"
CODES = {"missing": MISSING, "union_tag_not_found": MISSING, "extra_forbidden": UNKNOWN_PARAMETER}
BOUNDS = {
    "greater_than_equal": "below_min_value", "greater_than": "below_min_value", "less_than_equal": "above_max_value",
    "less_than": "above_max_value",
}  # fmt: skip
LENGTHS = {"string_too_short": "string_below_min_length", "string_too_long": "string_above_max_length"}
SIZES = {
    "too_short": ("array_below_min_length", "object_below_min_properties"),
    "too_long": ("array_above_max_length", "object_above_max_properties"),
}


def find_code(problem: Problem, form: Node) -> str:
    """Return the code of a problem with a value that should have `form`."""
    kind = problem["type"]
    if has_wrong_type(problem):
        return INVALID_TYPE
    if kind in BOUNDS:
        return f"{'integer' if _is_integer(problem, form) else 'decimal'}_{BOUNDS[kind]}"
    if kind in SIZES:
        return SIZES[kind][isinstance(problem["input"], Mapping)]
    return LENGTHS.get(kind) or CODES.get(kind, INVALID_VALUE)


def _is_integer(problem: Problem, form: Node) -> bool:
    """Return whether the value should be an integer. Without a type in the schema, a value that is one should be one."""
    return isinstance(problem["input"], int) if "type" not in form else form["type"] == "integer"
