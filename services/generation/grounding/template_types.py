"""Finds mistakes in a template that no value can make right: unknown names and attributes, wrong operands, passages shown whole.

Each expression gets the kinds that its value can have, in every part of the template, so a mistake is found whatever a search returns.
What depends on values, such as a `page` that a passage lacks, shows only when the template is rendered. Only `template` imports it; a
template has passed `template_check` before.
"""

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from jinja2 import nodes

from services.generation.grounding.template_check import LOOP, NAMES, TemplateProblem, line_of
from services.generation.grounding.template_values import (
    ATTRIBUTES,
    BOOLEAN,
    FILTERS,
    LIST,
    NUMBER,
    OPERATOR_TESTS,
    PASSAGE,
    STRING,
    TESTS,
    TEXT,
    UNDEFINED,
    WHOLE,
    Kind,
    Kinds,
    describe_kinds,
    find_operator_problem,
    find_use_problem,
    kind_of,
    list_kinds,
    missing_attribute,
)

COUNTABLE = NUMBER | BOOLEAN
ARITHMETIC = {nodes.Add: "+", nodes.Sub: "-"}
COMPARISONS: Mapping[str, tuple[str, Callable[[Any, Any], bool]]] = {
    "eq": ("==", operator.eq), "ne": ("!=", operator.ne), "lt": ("<", operator.lt), "lteq": ("<=", operator.le), "gt": (">", operator.gt),
    "gteq": (">=", operator.ge), "in": ("in", lambda part, whole: part in whole),
    "notin": ("not in", lambda part, whole: part not in whole),
}  # fmt: skip
MAY_LACK_ATTRIBUTE = frozenset({"default", "defined", "undefined"})
IN_A_LOOP = "`{% for p in passages %}{{ p.text }}{% endfor %}`"


@dataclass(frozen=True)
class Scope:
    """The kinds of the names in a part of a template. `used` has the names of `NAMES` that any part has read."""

    kinds: Mapping[str, Kinds]
    variable: str = ""
    used: set[str] = field(default_factory=set)


class _ProblemFound(Exception):
    def __init__(self, node: nodes.Node, text: str) -> None:
        super().__init__(text)
        self.problem = TemplateProblem(line_of(node), text)


def find_type_problem(parsed: nodes.Template) -> TemplateProblem | None:
    """Return the first part of a template that can never be evaluated or shown; None if there is none."""
    scope = Scope({"passages": LIST, "question": STRING})
    try:
        _check(parsed.body, scope)
    except _ProblemFound as found:
        return found.problem
    missing = NAMES - scope.used
    if not missing:
        return None
    return TemplateProblem(1, f"the template does not use `{min(missing)}`; it must use both `passages` and `question`")


def _check(statements: Iterable[nodes.Node], scope: Scope) -> None:
    for node in statements:
        if isinstance(node, nodes.For):
            _check_loop(node, scope)
        elif isinstance(node, nodes.If):
            _infer(node.test, scope)
            _check([*node.body, *node.elif_, *node.else_], scope)
        elif isinstance(node, nodes.Output):
            _check_output(node, scope)


def _check_loop(node: nodes.For, scope: Scope) -> None:
    variable = str(getattr(node.target, "name", ""))
    _infer(node.iter, scope)
    inside = replace(scope, kinds={**scope.kinds, variable: PASSAGE}, variable=variable)
    if node.test is not None:
        _infer(node.test, inside)
    _check(node.body, replace(inside, kinds={**inside.kinds, LOOP: frozenset({Kind.LOOP})}))
    _check(node.else_, scope)


def _check_output(node: nodes.Output, scope: Scope) -> None:
    for shown in node.nodes:
        if not isinstance(shown, nodes.TemplateData):
            _check_not_whole(shown, _infer(shown, scope), "`{{ … }}`")


def _check_not_whole(node: nodes.Node, kinds: Kinds, place: str, accepted: Kinds = TEXT) -> None:
    """Check that a value that must be text cannot be a passage or a list."""
    for kind in list_kinds((kinds & WHOLE) - accepted):
        is_or_can_be = "is" if kinds <= {kind, Kind.UNDEFINED} else "can be"
        problem = f"{place} needs {describe_kinds(accepted)}, but {_write(node)} {is_or_can_be} {kind}; {_advise(node, kind)}"
        raise _ProblemFound(node, "`loop` has no text; use one of its attributes, such as `loop.index`" if kind is Kind.LOOP else problem)


def _advise(node: nodes.Node, kind: Kind) -> str:
    if kind is Kind.LIST:
        return f"show each of its passages, as in {IN_A_LOOP}"
    written = _write(node).strip("`")
    owner = written if written.replace(".", "").isidentifier() else "p"
    return f"show one of its attributes, such as `{{{{ {owner}.text }}}}`"


def _write(node: nodes.Node) -> str:
    """Return an expression as its author wrote it, if it is short."""
    parts = []
    while isinstance(node, nodes.Getattr | nodes.Filter):
        parts.append(f".{node.attr}" if isinstance(node, nodes.Getattr) else f"|{node.name}")
        node = node.node or node
    return f"`{node.name}{''.join(reversed(parts))}`" if isinstance(node, nodes.Name) and len(parts) < 4 else "this expression"


def _infer(node: nodes.Node, scope: Scope) -> Kinds:
    """Return what the value of an expression can be. Raises `_ProblemFound` if it can have none."""
    return INFER[type(node)](node, scope)


def _infer_name(node: nodes.Name, scope: Scope) -> Kinds:
    if node.name == LOOP and LOOP not in scope.kinds:
        raise _ProblemFound(node, "`loop` is not defined here; it exists only between `{% for … %}` and `{% endfor %}`")
    if node.name not in scope.kinds:
        raise _ProblemFound(node, f"`{node.name}` is not defined; use {_list_names(scope)}")
    if node.name != scope.variable:
        scope.used.add(node.name)
    return scope.kinds[node.name]


def _list_names(scope: Scope) -> str:
    *names, last = (f"`{name}`" for name in dict.fromkeys((*sorted(NAMES), *filter(None, [scope.variable]))))
    return f"{', '.join(names)} and {last}"


def _infer_attribute(node: nodes.Getattr, scope: Scope, *, may_be_missing: bool = False) -> Kinds:
    owner = _infer(node.node, scope)
    found = [ATTRIBUTES.get(kind, {}).get(node.attr, UNDEFINED) for kind in owner]
    kinds: Kinds = frozenset().union(*found)
    if owner - UNDEFINED and kinds == UNDEFINED and not may_be_missing:
        raise _ProblemFound(node, missing_attribute(max(list_kinds(owner), key=lambda kind: kind in ATTRIBUTES), node.attr))
    return kinds


def _infer_owner(node: nodes.Filter | nodes.Test, scope: Scope) -> Kinds:
    """Return what the value in front of a filter or a test can be. Some may be applied to an attribute that is not there."""
    if isinstance(node.node, nodes.Getattr) and node.name in MAY_LACK_ATTRIBUTE:
        return _infer_attribute(node.node, scope, may_be_missing=True)
    return _infer(node.node, scope) if node.node else UNDEFINED


def _infer_filter(node: nodes.Filter, scope: Scope) -> Kinds:
    label, rule, value = f"the filter `{node.name}`", FILTERS[node.name], _infer_owner(node, scope)
    if node.node:
        _check_not_whole(node.node, value, label, rule.value)
    positional = [_infer(each, scope) for each in node.args]
    named = [(str(each.key), _infer(each.value, scope)) for each in node.kwargs]
    if problem := find_use_problem(label, rule, value, positional, named):
        raise _ProblemFound(node, problem)
    if node.name == "default":
        return frozenset().union(value - UNDEFINED, *(positional[:1] or [kinds for name, kinds in named if name != "boolean"] or [STRING]))
    if node.name in {"first", "last"}:
        return UNDEFINED | (PASSAGE if value & LIST else frozenset()) | (value & STRING)
    return NUMBER if node.name == "length" else STRING


def _infer_test(node: nodes.Test, scope: Scope) -> Kinds:
    label, value, arguments = f"the test `{node.name}`", _infer_owner(node, scope), [_infer(each, scope) for each in node.args]
    problem = f"{label} takes its argument without a name" if node.kwargs else find_use_problem(label, TESTS[node.name], value, arguments)
    if not problem and node.name in OPERATOR_TESTS:
        problem = find_operator_problem(OPERATOR_TESTS[node.name], value, arguments[0], label)
    if problem:
        raise _ProblemFound(node, problem)
    return BOOLEAN


def _infer_arithmetic(node: nodes.BinExpr, scope: Scope) -> Kinds:
    left, right = _infer(node.left, scope), _infer(node.right, scope)
    if problem := find_operator_problem(ARITHMETIC[type(node)], left, right):
        raise _ProblemFound(node, problem)
    return (left & right & STRING) | (NUMBER if left & COUNTABLE and right & COUNTABLE else frozenset())


def _infer_comparison(node: nodes.Compare, scope: Scope) -> Kinds:
    left = _infer(node.expr, scope)
    for operand in node.ops:
        right = _infer(operand.expr, scope)
        if problem := find_operator_problem(COMPARISONS[operand.op][0], left, right):
            raise _ProblemFound(node, problem)
        left = right
    return BOOLEAN


def _infer_concat(node: nodes.Concat, scope: Scope) -> Kinds:
    for part in node.nodes:
        _check_not_whole(part, _infer(part, scope), "`~`")
    return STRING


def _infer_and(node: nodes.And, scope: Scope) -> Kinds:
    """A passage is never false, so it is not the value of `passage and …`."""
    return (_infer(node.left, scope) - PASSAGE) | _infer(node.right, scope)


def _infer_or(node: nodes.Or, scope: Scope) -> Kinds:
    left = _infer(node.left, scope)
    if isinstance(node.left, nodes.And):  # `a and b or c` is `b` or `c`
        left = _infer(node.left.right, scope)
    return left | _infer(node.right, scope)


def _infer_condition(node: nodes.CondExpr, scope: Scope) -> Kinds:
    _infer(node.test, scope)
    return _infer(node.expr1, scope) | (_infer(node.expr2, scope) if node.expr2 else UNDEFINED)


def _infer_not(node: nodes.Not, scope: Scope) -> Kinds:
    _infer(node.node, scope)
    return BOOLEAN


INFER: Mapping[type[nodes.Node], Callable[[Any, Scope], Kinds]] = {
    nodes.Name: _infer_name, nodes.Const: lambda node, _: kind_of(node.value), nodes.Getattr: _infer_attribute, nodes.Filter: _infer_filter,
    nodes.Test: _infer_test, nodes.Add: _infer_arithmetic, nodes.Sub: _infer_arithmetic, nodes.Compare: _infer_comparison,
    nodes.Concat: _infer_concat, nodes.And: _infer_and, nodes.Or: _infer_or, nodes.CondExpr: _infer_condition, nodes.Not: _infer_not,
}  # fmt: skip
