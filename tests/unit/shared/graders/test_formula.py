import math
import random

import pytest

from shared.graders.formula import FormulaError, compute, find_names, parse_formula

SCORES = {"a": 2.0, "b": 3.0, "zero": 0.0, "minus": -1.0, "huge": 1e308, "min_score": 0.5}


@pytest.mark.parametrize(
    ("formula", "value"),
    [("1 + 2 * 3", 7), ("(1 + 2) * 3", 9), ("2 ^ 3 ^ 2", 512), ("-2 ^ 2", -4), ("(-2) ^ 2", 4), ("2 ^ -1", 0.5), ("8 / 4 / 2", 1),
     ("5 - 3 - 1", 1), ("a * -b", -6),
     ("--a", 2), ("+a", 2), ("min(a, b, 1)", 1), ("max(a, b)", 3), ("abs(minus)", 1), ("floor(2.7)", 2), ("ceil(2.1)", 3),
     ("exp(0)", 1), ("sqrt(16)", 4),
     ("log(exp(1))", 1), ("0.5*a + 0.5*b", 2.5), (".5", 0.5), ("1e3", 1000), ("1.5E-1", 0.15), ("min(max(a, 0), 1) ^ 2", 1),
     ("min_score", 0.5), ("  a\n+\tb ", 5),
     ("zero ^ 0", 1), ("min(a)", 2)],
)  # fmt: skip
def test_a_formula_is_computed(formula: str, value: float) -> None:
    assert compute(parse_formula(formula), SCORES) == pytest.approx(value)


@pytest.mark.parametrize(
    ("formula", "problem"),
    [("", "ends too early"), ("1 +", "ends too early"), ("(1", "is missing a '\\)'"), ("1)", "unexpected '\\)'"),
     ("a b", "unexpected 'b'"), ("1 2", "unexpected '2'"), ("* 2", "unexpected '\\*'"),
     ("2 ** 3", "a power is written '\\^'"), ("a % b", "has '%', which is not allowed"), ("a = b", "has '='"), ("a.b", "has '.'"),
     ("a[0]", "has '\\['"), ("'a'", "has '''"),
     ("sin(a)", "calls 'sin', which is not a function"), ("__import__(a)", "calls '__import__'"), ("min()", "unexpected '\\)'"),
     ("abs(a, b)", "must call 'abs' with 1 value"), ("min(a,)", "unexpected '\\)'"),
     ("a, b", "unexpected ','"), ("lambda: 1", "has ':'"), ("(" * 60 + "a" + ")" * 60, "more than 50 levels deep"),
     ("-" * 60 + "a", "more than 50 levels deep"), ("2^" * 60 + "2", "more than 50 levels deep"),
     ("abs(" * 60 + "a" + ")" * 60, "more than 50 levels deep"), ("a" + "+a" * 150, "it can have at most 200"), ("\u00e4", "has '\u00e4'"),
     ("1\u00d72", "has '\u00d7'")],
)  # fmt: skip
def test_what_is_no_formula_is_refused(formula: str, problem: str) -> None:
    with pytest.raises(FormulaError, match=problem):
        parse_formula(formula)


@pytest.mark.parametrize(
    ("formula", "problem"),
    [("1 / zero", "divides by zero"), ("a / (b - b)", "divides by zero"), ("zero ^ -1", "not defined"),
     ("minus ^ 0.5", "not defined"), ("sqrt(minus)", "not defined"),
     ("log(zero)", "not defined"), ("log(minus)", "not defined"), ("exp(1000)", "too large"), ("10 ^ 400", "too large"),
     ("9 ^ 9 ^ 9 ^ 9", "too large"),
     ("huge * 10", "too large"), ("huge * 10 - huge * 10", "too large"), ("1e999", "too large"), ("floor(huge * 10)", "too large")],
)  # fmt: skip
def test_what_cannot_be_computed_is_an_error(formula: str, problem: str) -> None:
    with pytest.raises(FormulaError, match=problem):
        compute(parse_formula(formula), SCORES)


def test_the_longest_formula_is_computed() -> None:
    assert compute(parse_formula("a" + "+a" * 99), SCORES) == 200
    assert compute(parse_formula("(" * 49 + "a" + ")" * 49), SCORES) == 2
    assert compute(parse_formula("-" * 48 + "a"), SCORES) == 2


def test_the_names_of_a_formula_are_found() -> None:
    assert find_names(parse_formula("min(a, b * 2) + sqrt(c)")) == {"a", "b", "c"}
    assert find_names(parse_formula("1 + 2")) == frozenset()


def test_random_formulas_agree_with_python() -> None:
    chance = random.Random(0)

    def write(depth: int) -> str:
        if depth == 0:
            return chance.choice(["a", "b", "minus", str(chance.randrange(1, 9)), "0.25"])
        one, other = write(depth - 1), write(chance.randrange(depth))
        return chance.choice(
            [
                f"({one} + {other})",
                f"{one} * {other}",
                f"({one} - {other})",
                f"min({one}, {other})",
                f"abs({one})",
                f"-({one})",
                f"floor({one})",
            ]
        )

    names = {**SCORES, "min": min, "max": max, "abs": abs, "floor": math.floor}
    for _ in range(500):
        formula = write(chance.randrange(1, 5))
        if formula.count("(") < 25 and len(formula) < 400:
            # A formula that this test wrote itself.
            assert compute(parse_formula(formula), SCORES) == pytest.approx(eval(formula, {}, names))
