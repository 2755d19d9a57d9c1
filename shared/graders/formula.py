"""Formulas of `multi`: parsed by hand and computed over scores, so that no formula can run code, hang or fill the memory.

Grammar, from the weakest to the strongest: `+ -`, `* /`, the sign, `^` (from right to left), and numbers, names, calls and parentheses.
`-2^2` is -4. Functions: min, max, abs, floor, ceil, exp, sqrt, log (natural).
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

MAX_DEPTH = 50
MAX_SYMBOLS = 200
SYMBOL = re.compile(r"\s*(?:(\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?)|([A-Za-z_]\w*)|(\*\*|[-+*/^(),])|(\S))")
ARITIES: Mapping[str, tuple[int, int]] = {
    "min": (1, 100), "max": (1, 100), "abs": (1, 1), "floor": (1, 1), "ceil": (1, 1), "exp": (1, 1), "sqrt": (1, 1), "log": (1, 1),
}  # fmt: skip
COMPUTE: Mapping[str, Callable[..., float]] = {
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b, "^": math.pow,
    "min": lambda *each: min(each), "max": lambda *each: max(each), "abs": abs, "floor": lambda a: float(math.floor(a)),
    "ceil": lambda a: float(math.ceil(a)), "exp": math.exp, "sqrt": math.sqrt, "log": math.log,
}  # fmt: skip


class FormulaError(Exception):
    """The formula is wrong, or cannot be computed for these values; the message is the end of a sentence about it."""


@dataclass(frozen=True)
class Number:
    """A number of the formula."""

    value: float


@dataclass(frozen=True)
class Variable:
    """The score of a grader, by its name."""

    name: str


@dataclass(frozen=True)
class Call:
    """An operator or a function, and what it is applied to."""

    function: str
    arguments: tuple["Node", ...]


Node: TypeAlias = Number | Variable | Call


def parse_formula(text: str) -> Node:
    """Return the formula as a tree.

    Raises:
        FormulaError: if it is not a formula.
    """
    parser = _Parser(_split(text))
    node = parser.sum(0)
    if parser.next:
        raise FormulaError(f"has an unexpected '{parser.next}'")
    return node


def find_names(node: Node) -> frozenset[str]:
    """Return the names of the graders that the formula uses."""
    if isinstance(node, Variable):
        return frozenset({node.name})
    return frozenset().union(*map(find_names, node.arguments)) if isinstance(node, Call) else frozenset()


def compute(node: Node, scores: Mapping[str, float]) -> float:
    """Return the value of the formula for these scores.

    Raises:
        FormulaError: if it divides by zero, is not a real number, or is too large.
    """
    try:
        value = _compute(node, scores)
    except ZeroDivisionError as error:
        raise FormulaError("divides by zero") from error
    except OverflowError as error:
        raise FormulaError("is too large a number") from error
    except ValueError as error:
        raise FormulaError("is not defined for these scores, such as the root or the logarithm of a negative number") from error
    if not math.isfinite(value):
        raise FormulaError("is too large a number")
    return value


def _compute(node: Node, scores: Mapping[str, float]) -> float:
    if isinstance(node, Number):
        return node.value
    if isinstance(node, Variable):
        return float(scores[node.name])
    return float(COMPUTE[node.function](*(_compute(each, scores) for each in node.arguments)))


def _split(text: str) -> list[str]:
    symbols = list[str]()
    for found in SYMBOL.finditer(text):
        if found[4] or found[3] == "**":
            hint = "; a power is written '^'" if found[3] else ""
            raise FormulaError(f"has '{found[4] or found[3]}', which is not allowed{hint}")
        symbols.append(found[0].strip())
    if len(symbols) > MAX_SYMBOLS:
        raise FormulaError(f"has {len(symbols)} numbers, names and signs; it can have at most {MAX_SYMBOLS}")
    return symbols


class _Parser:
    """Reads the symbols from left to right, one method for each level of the grammar."""

    def __init__(self, symbols: list[str]) -> None:
        self._symbols = symbols
        self._position = 0

    @property
    def next(self) -> str:
        return self._symbols[self._position] if self._position < len(self._symbols) else ""

    def take(self) -> str:
        symbol = self.next
        self._position += 1
        return symbol

    def sum(self, depth: int) -> Node:
        return self._chain(("+", "-"), self._product, depth)

    def _product(self, depth: int) -> Node:
        return self._chain(("*", "/"), self._signed, depth)

    def _chain(self, operators: tuple[str, ...], operand: Callable[[int], Node], depth: int) -> Node:
        node = operand(depth)
        while self.next in operators:
            node = Call(self.take(), (node, operand(depth)))
        return node

    def _signed(self, depth: int) -> Node:
        _check_depth(depth)
        if self.next in ("-", "+"):
            sign = self.take()
            operand = self._signed(depth + 1)
            return Call("-", (Number(0.0), operand)) if sign == "-" else operand
        return self._power(depth)

    def _power(self, depth: int) -> Node:
        base = self._atom(depth)
        if self.next != "^":
            return base
        self.take()
        return Call("^", (base, self._signed(depth + 1)))

    def _atom(self, depth: int) -> Node:
        symbol = self.take()
        if not symbol:
            raise FormulaError("ends too early")
        if symbol == "(":
            node = self.sum(depth + 1)
            self._expect(")")
            return node
        if symbol[0].isdigit() or symbol[0] == ".":
            return Number(float(symbol))
        if not (symbol[0].isalpha() or symbol[0] == "_"):
            raise FormulaError(f"has an unexpected '{symbol}'")
        return self._call(symbol, depth) if self.next == "(" else Variable(symbol)

    def _call(self, name: str, depth: int) -> Node:
        if name not in ARITIES:
            raise FormulaError(f"calls '{name}', which is not a function; use one of {', '.join(ARITIES)}")
        self.take()
        arguments = [self.sum(depth + 1)]
        while self.next == ",":
            self.take()
            arguments.append(self.sum(depth + 1))
        self._expect(")")
        low, high = ARITIES[name]
        if not low <= len(arguments) <= high:
            raise FormulaError(f"must call '{name}' with {low if low == high else f'{low} to {high}'} value{'s' if high > 1 else ''}")
        return Call(name, tuple(arguments))

    def _expect(self, symbol: str) -> None:
        if self.next != symbol:
            raise FormulaError(f"is missing a '{symbol}'" if not self.next else f"has a '{self.next}' instead of a '{symbol}'")
        self.take()


def _check_depth(depth: int) -> None:
    if depth > MAX_DEPTH:
        raise FormulaError(f"is nested more than {MAX_DEPTH} levels deep")
