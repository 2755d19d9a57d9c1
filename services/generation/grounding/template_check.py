"""What a prompt template may contain: names, attributes, filters and statements. Everything that is not listed here is refused.

Only `template` imports it. Knows nothing of rendering.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from jinja2 import meta, nodes

NAMES = frozenset({"passages", "question"})
LOOP = "loop"
LOOP_ATTRIBUTES = frozenset({"index", "index0", "revindex", "revindex0", "first", "last", "length", "previtem", "nextitem"})
FILTERS = frozenset({"trim", "upper", "lower", "capitalize", "title", "length", "default", "first", "last", "truncate"})
ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr, nodes.For, nodes.If, nodes.CondExpr,
    nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Filter, nodes.Test, nodes.Concat, nodes.Add, nodes.Sub,
    nodes.Keyword,
)  # fmt: skip
FORBIDDEN: dict[type[nodes.Node], str] = {
    nodes.Call: "a call", nodes.Getitem: "an index in brackets", nodes.Assign: "an assignment", nodes.AssignBlock: "an assignment",
    nodes.Macro: "a macro", nodes.Include: "an include", nodes.Import: "an import", nodes.FromImport: "an import",
    nodes.Extends: "an `extends`", nodes.Block: "a block", nodes.List: "a list", nodes.Dict: "a dictionary", nodes.Tuple: "a tuple",
    nodes.Mul: "the operator `*`", nodes.Pow: "the operator `**`", nodes.Mod: "the operator `%`",
    nodes.Div: "the operator `/`", nodes.FloorDiv: "the operator `//`",
}  # fmt: skip


@dataclass(frozen=True)
class TemplateProblem:
    """What is wrong with a template, and in which line, counted from 1."""

    line: int
    text: str


def find_problem(parsed: nodes.Template) -> TemplateProblem | None:
    """Return the first part of a template that is not allowed; None if all of it is."""
    for line, node in _walk(parsed.iter_child_nodes(), 1):
        if text := _problem(node):
            return TemplateProblem(line, text)
    if unknown := next(_unknown_names(parsed), None):
        return unknown
    missing = NAMES - meta.find_undeclared_variables(parsed)
    return TemplateProblem(1, f"it does not use `{min(missing)}`; a template must use `passages` and `question`") if missing else None


def _walk(tree: Iterable[nodes.Node], line: int) -> Iterator[tuple[int, nodes.Node]]:
    """Yield every node with its line. Some nodes that Jinja adds have none; they get that of a node inside or around them."""
    for node in tree:
        own_line = node.lineno or next((each.lineno for each in node.find_all(nodes.Node) if each.lineno), line)
        yield own_line, node
        yield from _walk(node.iter_child_nodes(), own_line)


def _problem(node: nodes.Node) -> str | None:
    if not isinstance(node, ALLOWED):
        return f"{FORBIDDEN.get(type(node), 'this')} is not allowed; use only {{% for %}}, {{% if %}} and {{{{ … }}}}, without calls"
    if isinstance(node, nodes.Filter) and node.name not in FILTERS:
        return f"the filter `{node.name}` is not allowed; use {', '.join(sorted(FILTERS))}"
    return _loop_problem(node) if isinstance(node, nodes.For) else None


def _loop_problem(node: nodes.For) -> str | None:
    if not (isinstance(node.iter, nodes.Name) and node.iter.name == "passages") or node.recursive:
        return "a loop must be over `passages`"
    return "a loop must not contain another loop" if next(node.find_all(nodes.For), None) else None


def _unknown_names(parsed: nodes.Template) -> Iterator[TemplateProblem]:
    """Yield the names that a template must not read: those that are not defined, and those that Jinja itself defines.

    Jinja's names are `self`, and `loop` if it is not followed by an attribute.
    """
    unknown = (meta.find_undeclared_variables(parsed) - NAMES) | {"self"}
    with_attribute = {id(node.node) for node in parsed.find_all(nodes.Getattr)}
    for node in parsed.find_all(nodes.Name):
        if node.name in unknown:
            yield TemplateProblem(node.lineno, f"`{node.name}` is not defined; use `passages` and `question`")
        elif node.name == LOOP and id(node) not in with_attribute:
            yield TemplateProblem(node.lineno, f"`{LOOP}` has no text; use one of its attributes, such as `{LOOP}.index`")
