"""What a prompt template may contain: names, attributes, filters and statements. Everything that is not listed here is refused.

Strings with NUL or half of a surrogate pair are refused too. Only `template` imports it. Knows nothing of rendering.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from jinja2 import meta, nodes

from shared.validation.storable import find_unstorable

NAMES = frozenset({"passages", "question"})
LOOP = "loop"
LOOP_ATTRIBUTES = frozenset({"index", "index0", "revindex", "revindex0", "first", "last", "length", "previtem", "nextitem"})
PASSAGES_OF_LOOP = frozenset({"previtem", "nextitem"})
FILTERS = frozenset({"trim", "upper", "lower", "capitalize", "title", "length", "default", "first", "last", "truncate"})
MAY_GIVE_PASSAGE = frozenset({"first", "last", "default"})
MAY_LACK_ATTRIBUTE = frozenset({"default", "defined", "undefined"})
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


def find_missing_attribute(parsed: nodes.Template, passage_attributes: Collection[str]) -> TemplateProblem | None:
    """Return the first attribute that no value can have, in any part of a template that `find_problem` allows; None if there is none.

    An attribute may be missing where the template asks whether it is there: `passage.x is defined`, `passage.x|default("")`.
    """
    targets = {loop.target.name for loop in parsed.find_all(nodes.For) if isinstance(loop.target, nodes.Name)}
    optional = {id(node.node) for node in parsed.find_all((nodes.Filter, nodes.Test)) if node.name in MAY_LACK_ATTRIBUTE}
    attributes = {"a passage": passage_attributes, f"`{LOOP}`": LOOP_ATTRIBUTES}
    for line, node in _walk(parsed.iter_child_nodes(), 1):
        if isinstance(node, nodes.Getattr) and id(node) not in optional:
            owner = _describe_value(node.node, targets)
            if node.attr not in attributes.get(owner, ()):
                return TemplateProblem(line, f"{owner} has no attribute '{node.attr}'")
    return None


def _describe_value(node: nodes.Expr, loop_targets: Collection[str]) -> str:
    """Return what an expression gives, as errors name it. It is a passage if the expression can give one."""
    if isinstance(node, nodes.Name):
        known = {LOOP: f"`{LOOP}`", "question": "a string", "passages": "a list"}
        return "a passage" if node.name in loop_targets else known.get(node.name, "the value")
    is_passage = (
        isinstance(node, nodes.CondExpr | nodes.And | nodes.Or)
        or (isinstance(node, nodes.Filter) and node.name in MAY_GIVE_PASSAGE)
        or (isinstance(node, nodes.Getattr) and node.attr in PASSAGES_OF_LOOP)
    )
    return "a passage" if is_passage else "the value"


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
    if isinstance(node, nodes.Const | nodes.TemplateData):
        return _text_problem(node.value if isinstance(node, nodes.Const) else node.data)
    return _loop_problem(node) if isinstance(node, nodes.For) else None


def _text_problem(value: object) -> str | None:
    """Return what is wrong with a string. Escapes in it, such as `\\x00`, can spell what the template itself cannot contain."""
    problem = find_unstorable(value) if isinstance(value, str) else None
    return f"a string {problem[1]}" if problem else None


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
