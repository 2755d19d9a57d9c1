"""The range of a grader's score, as it is declared: what a margin is measured in, and whether a score is only 0 or 1."""

import math
from collections.abc import Callable, Mapping
from itertools import product
from typing import Any

from shared.contracts.graders import F1Grader, Grader, LabelModelGrader, MultiGrader, ScoreModelGrader, TextSimilarityGrader
from shared.graders.formula import COMPUTE, Call, FormulaError, Node, Number, Variable, compute, find_names, parse_formula

Interval = tuple[float, float]
MAX_BINARY = 10  # graders whose outcomes are all tried, 2 to the power of this number


def bounds(grader: Grader) -> Interval | None:
    """Return the lowest and the highest possible score; None for a formula without bounds, such as `1 / a`.

    The range of a formula holds every score, but may be wider than the scores are. Both ends are finite.
    """
    if isinstance(grader, MultiGrader):
        outcomes = _binary_outcomes(grader)
        found = (min(outcomes), max(outcomes)) if outcomes else _formula_bounds(grader)
        return found if found and math.isfinite(found[1] - found[0]) else None
    if isinstance(grader, ScoreModelGrader):
        return grader.limits
    is_cosine = isinstance(grader, TextSimilarityGrader) and grader.evaluation_metric == "cosine"
    return (-1.0 if is_cosine else 0.0, 1.0)


def is_binary(grader: Grader) -> bool:
    """Return whether the score is only ever 0 or 1."""
    if isinstance(grader, MultiGrader):
        outcomes = _binary_outcomes(grader)
        return bool(outcomes) and set(outcomes) <= {0.0, 1.0}
    return isinstance(grader, LabelModelGrader) or not isinstance(grader, ScoreModelGrader | TextSimilarityGrader | F1Grader)


def _binary_outcomes(grader: MultiGrader) -> list[float]:
    """Return the formula's values for all outcomes of graders that are 0 or 1; none if some are not, or a value is not defined."""
    try:
        formula = parse_formula(grader.calculate_output)
        names = sorted(find_names(formula))
        if len(names) > MAX_BINARY or not all(name in grader.graders and is_binary(grader.graders[name]) for name in names):
            return []
        return [compute(formula, dict(zip(names, scores, strict=True))) for scores in product((0.0, 1.0), repeat=len(names))]
    except FormulaError:
        return []


def _formula_bounds(grader: MultiGrader) -> Interval | None:
    ranges = {name: bounds(each) for name, each in grader.graders.items()}
    try:
        return _bound(parse_formula(grader.calculate_output), {name: each for name, each in ranges.items() if each})
    except (FormulaError, ArithmeticError, ValueError, KeyError):
        return None


def _bound(node: Node, ranges: Mapping[str, Interval]) -> Interval:
    """Return the range of a formula by interval arithmetic. Raises ValueError or ArithmeticError if it has none."""
    if isinstance(node, Number):
        return node.value, node.value
    if isinstance(node, Variable):
        return ranges[node.name]
    arguments = [_bound(each, ranges) for each in node.arguments]
    return RULES.get(node.function, _bound_by_corners)(node, arguments)


def _bound_by_corners(node: Call, arguments: list[Interval]) -> Interval:
    """Return the range of a function that rises or falls in each of its arguments: its extremes are at the corners."""
    values = [float(COMPUTE[node.function](*corner)) for corner in product(*arguments)]
    return min(values), max(values)


def _bound_componentwise(node: Call, arguments: list[Interval]) -> Interval:
    choose: Callable[..., Any] = COMPUTE[node.function]
    return choose(*(low for low, _ in arguments)), choose(*(high for _, high in arguments))


def _bound_quotient(node: Call, arguments: list[Interval]) -> Interval:
    if arguments[1][0] <= 0 <= arguments[1][1]:
        raise ZeroDivisionError
    return _bound_by_corners(node, arguments)


def _bound_absolute(_node: Call, arguments: list[Interval]) -> Interval:
    low, high = arguments[0]
    return (0.0 if low <= 0 <= high else min(abs(low), abs(high)), max(abs(low), abs(high)))


def _bound_power(node: Call, arguments: list[Interval]) -> Interval:
    (low, high), (least, most) = arguments
    if low > 0 or (low == 0 and least > 0):
        return _bound_by_corners(node, arguments)
    if least != most or not least.is_integer() or least <= 0:
        raise ValueError("a power of a base that may be negative or zero")
    corners = _bound_by_corners(node, arguments)
    return (0.0, corners[1]) if least % 2 == 0 and low <= 0 <= high else corners


RULES: Mapping[str, Callable[[Call, list[Interval]], Interval]] = {
    "/": _bound_quotient,
    "abs": _bound_absolute,
    "^": _bound_power,
    "min": _bound_componentwise,
    "max": _bound_componentwise,
}
