import random
from typing import Any

import pytest

from shared.contracts.graders import MultiGrader
from shared.graders.bounds import bounds, is_binary
from shared.graders.check import parse_grader
from shared.graders.formula import FormulaError, compute, parse_formula

F1 = {"type": "f1", "name": "f"}
EXACT = {"type": "exact_match", "name": "e"}
JUDGE = {"type": "score_model", "name": "j", "model": "m", "input": [{"role": "user", "content": "?"}], "range": [-1, 5]}
SIMILAR = {"type": "text_similarity", "name": "s", "input": "a", "reference": "b", "evaluation_metric": "bleu"}
CHECK = {"type": "string_check", "name": "c", "input": "a", "reference": "b", "operation": "eq"}
LABEL = {**JUDGE, "type": "label_model", "labels": ["a"], "passing_labels": []}
del LABEL["range"]


def multi(formula: str, **graders: dict[str, Any]) -> MultiGrader:
    grader = parse_grader({"type": "multi", "name": "m", "graders": graders, "calculate_output": formula})
    assert isinstance(grader, MultiGrader)
    return grader


@pytest.mark.parametrize(
    ("body", "limits", "binary"),
    [(F1, (0, 1), False), (EXACT, (0, 1), True), (JUDGE, (-1, 5), False), ({**JUDGE, "range": None}, (0, 1), False),
     (SIMILAR, (0, 1), False),
     ({**SIMILAR, "evaluation_metric": "cosine"}, (-1, 1), False), (CHECK, (0, 1), True), (LABEL, (0, 1), True),
     ({"type": "contains", "name": "c"}, (0, 1), True), ({"type": "numeric", "name": "n"}, (0, 1), True),
     ({"type": "abstention", "name": "a"}, (0, 1), True), ({"type": "json_schema", "name": "j", "schema": {}}, (0, 1), True)],
)  # fmt: skip
def test_a_grader_has_its_declared_range(body: dict[str, Any], limits: tuple[float, float], binary: bool) -> None:
    grader = parse_grader(body)
    assert (bounds(grader), is_binary(grader)) == (limits, binary)


@pytest.mark.parametrize(
    ("formula", "limits"),
    [("f", (0, 1)), ("f + j", (-1, 6)), ("f - j", (-5, 2)), ("f * j", (-1, 5)), ("j / 2", (-0.5, 2.5)), ("j ^ 2", (0, 25)),
     ("j ^ 3", (-1, 125)), ("f ^ 0.5", (0, 1)),
     ("2 ^ j", (0.5, 32)), ("min(f, j)", (-1, 1)), ("max(f, j)", (0, 5)), ("abs(j)", (0, 5)), ("abs(j - 3)", (0, 4)),
     ("floor(f / 2)", (0, 0)), ("ceil(f)", (0, 1)),
     ("exp(0 * f)", (1, 1)), ("sqrt(f)", (0, 1)), ("-j", (-5, 1)), ("1 / (f + 1)", (0.5, 1)),
     ("log(f + 1)", (0, pytest.approx(0.693147))), ("0.25", (0.25, 0.25)),
     ("1 / f", None), ("log(f)", None), ("sqrt(j)", None), ("j ^ 0.5", None), ("j ^ -1", None), ("f ^ j", None),
     ("exp(j * 1000)", None), ("1 / j", None)],
)  # fmt: skip
def test_a_formula_has_the_range_of_its_graders_or_none(formula: str, limits: Any) -> None:
    assert bounds(multi(formula, f=F1, j=JUDGE)) == limits


@pytest.mark.parametrize(
    ("formula", "limits", "binary"),
    [("a * b", (0, 1), True), ("min(a, b)", (0, 1), True), ("max(a, b, 0)", (0, 1), True), ("1 - a", (0, 1), True),
     ("a - a", (0, 0), True), ("a + b", (0, 2), False),
     ("(a + b) / 2", (0, 1), False), ("floor((a + b) / 2)", (0, 1), True), ("1 / a", None, False), ("1 / (1 + a)", (0.5, 1), False),
     ("abs(a - b)", (0, 1), True)],
)  # fmt: skip
def test_a_formula_of_binary_graders_takes_the_values_that_it_takes(formula: str, limits: Any, binary: bool) -> None:
    grader = multi(formula, a=EXACT, b=CHECK)
    assert (bounds(grader), is_binary(grader)) == (limits, binary)


def test_many_binary_graders_still_have_a_range() -> None:
    names = [f"g{number}" for number in range(20)]
    grader = multi(" + ".join(names), **dict.fromkeys(names, EXACT))
    assert (bounds(grader), is_binary(grader)) == ((0, 20), False)


def test_a_wrong_formula_has_no_range() -> None:
    assert bounds(multi("a +", a=EXACT)) is None
    assert bounds(multi("nobody", a=EXACT)) is None


def test_no_score_is_ever_outside_the_range() -> None:
    chance = random.Random(0)

    def write(depth: int) -> str:
        if depth == 0:
            return chance.choice(["f", "j", "e", str(chance.randrange(4)), "0.5"])
        one, other = write(depth - 1), write(chance.randrange(depth))
        call = chance.choice(["min", "max"])
        sums = [f"({one} + {other})", f"({one} - {other})", f"{one} * {other}", f"({one}) / ({other} + 7)", f"-({one})"]
        powers = [f"({one}) ^ 2", f"({one}) ^ ({other})", f"exp({one})", f"log({one} + 1)", f"sqrt({one})"]
        return chance.choice([*sums, *powers, f"{call}({one}, {other})", f"abs({one})", f"floor({one})"])

    ranged = 0
    for _ in range(600):
        formula = write(chance.randrange(1, 4))
        limits = bounds(multi(formula, f=F1, j=JUDGE, e=EXACT))
        for _ in range(20 if limits else 0):
            scores = {"f": chance.random(), "j": chance.uniform(-1, 5), "e": float(chance.randrange(2))}
            try:
                value = compute(parse_formula(formula), scores)
            except FormulaError:
                pytest.fail(f"{formula} has a range but no value for {scores}")
            assert limits is not None
            slack = 1e-9 * max(1.0, abs(limits[0]), abs(limits[1]))
            assert limits[0] - slack <= value <= limits[1] + slack, formula
            ranged += 1
    assert ranged > 2000


@pytest.mark.parametrize("formula", ["f * 1e400", "f * 1e308 * 100", "1e400 * 0 * f", "1e308 * f - 1e308 * 10 * f"])
def test_a_formula_that_may_be_infinite_has_no_bounds(formula: str) -> None:
    assert bounds(multi(formula, f=F1)) is None
