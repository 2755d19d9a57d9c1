"""What the text of a prompt template may contain: filters, tests and statements. Everything that is not listed here is refused.

Strings with NUL or half of a surrogate pair are refused too, and what is too long or too deeply nested to be compiled. Jinja's syntax
errors are put in other words, for people who do not know how Jinja reads a template. Knows nothing of rendering, and of values only which
filters and tests there are.
"""

import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import isinf

from jinja2 import Environment, TemplateSyntaxError, nodes

from services.generation.grounding.template_values import FILTERS, TESTS
from shared.validation.storable import find_unstorable

NAMES = frozenset({"passages", "question"})
LOOP = "loop"
MAX_DEPTH = 90  # an `if` in Python must not be nested deeper than 100 times
MAX_DIGITS = 100
TOO_DEEP = "the template is too long or too deeply nested"
STATEMENTS = "use only `{% for %}`, `{% if %}` and `{{ … }}`"
ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr, nodes.For, nodes.If, nodes.CondExpr,
    nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Filter, nodes.Test, nodes.Concat, nodes.Add, nodes.Sub,
    nodes.Keyword,
)  # fmt: skip
OPERATOR = "; use `+`, `-` or `~`"
FORBIDDEN: dict[type[nodes.Node], str] = {
    nodes.Call: "a call is not allowed; use a filter, as in `question|upper`",
    nodes.Getitem: "an index in brackets or after a dot is not allowed; use an attribute such as `p.text`, or the filter `first` or `last`",
    nodes.Neg: "the sign `-` in front of a value is not allowed; subtract the value from 0, as in `0 - 1`",
    nodes.Pos: "the sign `+` in front of a value is not allowed; leave it out",
    nodes.Assign: f"an assignment is not allowed; {STATEMENTS}, without `set`",
    nodes.AssignBlock: f"an assignment is not allowed; {STATEMENTS}, without `set`",
    nodes.With: f"an assignment is not allowed; {STATEMENTS}, without `with`",
    nodes.Tuple: "a list of values is not allowed; write each value in its own `{{ … }}`",
    nodes.List: "a list of values is not allowed; write each value in its own `{{ … }}`",
    nodes.FilterBlock: "a block with a filter is not allowed; write the filter after each value, as in `p.text|upper`",
    nodes.Scope: f"`autoescape` is not allowed; {STATEMENTS}; nothing is escaped",
    **{kind: f"{name} is not allowed; {STATEMENTS}" for kind, name in (
        (nodes.Macro, "a macro"), (nodes.CallBlock, "a macro call"), (nodes.Include, "an include"), (nodes.Import, "an import"),
        (nodes.FromImport, "an import"), (nodes.Extends, "`extends`"), (nodes.Block, "a block"), (nodes.Dict, "a dictionary"),
    )},
    **{kind: f"the operator `{sign}` is not allowed{OPERATOR}" for kind, sign in (
        (nodes.Mul, "*"), (nodes.Pow, "**"), (nodes.Mod, "%"), (nodes.Div, "/"), (nodes.FloorDiv, "//"),
    )},
}  # fmt: skip
TOKENS = {
    "begin of comment": "`{#`", "end of comment": "`#}`", "begin of statement block": "`{%`", "end of statement block": "`%}`",
    "begin of print statement": "`{{`", "end of print statement": "`}}`", "template data / text": "text", "string": "a string",
    "integer": "a number", "float": "a number", "name": "a name", "end of template": "the end of the template",
}  # fmt: skip
# What Jinja says about a template that it cannot read, and what the error says instead. The groups are parts of the template.
SYNTAX = (
    (r"unexpected end of template, expected '(.+)'", "the template ends too early; {0} is missing"),
    (r"expected token '(.+)', got '(.+)'", "expected {0}, but found {1}"),
    (r"Expected an expression, got '(.+)'", "expected an expression, but found {0}"),
    (r"unexpected '(.+)', expected '(.+)'", "expected {1}, but found {0}"),
    (r"unexpected '(.+)'", "{0} is not expected here"),
    (r"unexpected char ['\"]{3}", "a string does not end; close it with the quotation mark that it begins with"),
    (r"unexpected char '(?:\\?(.))' at", "{0} is not expected here"),
    (r"Missing end of comment", "a comment does not end; close it with `#}}`"),
    (r"Missing end of raw", "`{{% raw %}}` does not end; close it with `{{% endraw %}}`"),
    (r"Encountered unknown tag '(.+?)'\. .*closed is '(.+)'", "`{{% {0.text} %}}` is not expected here, inside `{{% {1.text} %}}`"),
    (r"Encountered unknown tag '(end\w+|else|elif)'", "`{{% {0.text} %}}` is not expected here; there is no open tag that it belongs to"),
    (r"Encountered unknown tag '(.+?)'", "there is no tag `{{% {0.text} %}}`; use only `{{% for %}}` and `{{% if %}}`"),
    (r"Unexpected end of template.*closed is '(.+)'", "`{{% {0.text} %}}` does not end; close it with `{{% end{0.text} %}}`"),
    (r"tag name expected", "a tag needs a name, as in `{{% if passages %}}`"),
    (r"can't assign to", "expected a name, such as the `p` in `{{% for p in passages %}}`"),
    (r"expected name or number", "expected the name of an attribute after the dot"),
    (r"invalid syntax for function call", "the arguments are in the wrong order; write those with a name last"),
    (r"You cannot chain", "a test must not follow another test; join them with `and`"),
)


@dataclass(frozen=True)
class TemplateProblem:
    """What is wrong with a template, and in which line, counted from 1."""

    line: int
    text: str


class _Token:
    """A part of a template in an error: its `text`, or what it is called."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __format__(self, _: str) -> str:
        return TOKENS.get(self.text, f"`{self.text}`")


def describe_syntax_error(error: TemplateSyntaxError) -> TemplateProblem:
    """Return an error of Jinja's parser in other words."""
    for pattern, text in SYNTAX:
        if found := re.match(pattern, error.message or ""):
            return TemplateProblem(error.lineno, text.format(*map(_Token, found.groups())))
    return TemplateProblem(error.lineno, f"this cannot be read; {STATEMENTS}")


def find_token_problem(environment: Environment, source: str) -> TemplateProblem | None:
    """Return the first number that is too long, or the first string with an escape that is not valid."""
    try:
        tokens = [*environment.lex(source)]
    except TemplateSyntaxError as error:
        return describe_syntax_error(error)
    return next((TemplateProblem(line, text) for line, kind, value in tokens if (text := _token_problem(kind, value))), None)


def find_problem(parsed: nodes.Template) -> TemplateProblem | None:
    """Return the first part of a template that is not allowed; None if all of it is."""
    if line := _find_too_deep(parsed):
        return TemplateProblem(line, TOO_DEEP)
    for line, node in _walk(parsed.iter_child_nodes(), 1):
        if text := _problem(node):
            return TemplateProblem(line, text)
        inner = next(node.find_all(nodes.For), None) if isinstance(node, nodes.For) else None
        if inner:
            return TemplateProblem(inner.lineno, "a loop must not contain another loop")
    return None


def line_of(node: nodes.Node, default: int = 1) -> int:
    """Return the line of a node. Some nodes that Jinja adds have none; they get that of a node inside them."""
    return node.lineno or next((each.lineno for each in node.find_all(nodes.Node) if each.lineno), default)


def _token_problem(kind: str, value: str) -> str | None:
    if kind in {"integer", "float"} and len(value) > MAX_DIGITS:
        return f"a number must not have more than {MAX_DIGITS} digits"
    if kind == "string" and "\\" in value:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                value.encode("ascii", "backslashreplace").decode("unicode-escape")
        except UnicodeDecodeError:
            return r"a string has a `\` that does not begin a valid escape; write `\\` for a backslash"
    return None


def _find_too_deep(parsed: nodes.Node) -> int | None:
    """Return the line of the first part that is nested too deeply for the functions that follow; None if there is none."""
    pending = [(parsed, 0, 1)]
    while pending:
        node, depth, line = pending.pop()
        line = node.lineno or line
        if depth > MAX_DEPTH:
            return line
        pending += [(child, depth + 1, line) for child in node.iter_child_nodes()]
    return None


def _walk(tree: Iterable[nodes.Node], line: int) -> Iterator[tuple[int, nodes.Node]]:
    """Yield every node with its line, or that of a node inside or around it."""
    for node in tree:
        own_line = line_of(node, line)
        yield own_line, node
        yield from _walk(node.iter_child_nodes(), own_line)


def _problem(node: nodes.Node) -> str | None:
    if not isinstance(node, ALLOWED):
        return FORBIDDEN.get(type(node), f"this is not allowed; {STATEMENTS}")
    if isinstance(node, nodes.Filter | nodes.Test):
        return _use_problem(node)
    if isinstance(node, nodes.Const | nodes.TemplateData):
        return _value_problem(node.value if isinstance(node, nodes.Const) else node.data)
    return _loop_problem(node) if isinstance(node, nodes.For) else None


def _use_problem(node: nodes.Filter | nodes.Test) -> str | None:
    kind, known = ("filter", FILTERS) if isinstance(node, nodes.Filter) else ("test", TESTS)
    if node.name not in known:
        return f"the {kind} `{node.name}` is not allowed; use one of {', '.join(f'`{name}`' for name in sorted(known) if name.isalnum())}"
    return f"the {kind} `{node.name}` must not have arguments with `*`" if node.dyn_args or node.dyn_kwargs else None


def _value_problem(value: object) -> str | None:
    """Return what is wrong with a string or a number. Escapes in it, such as `\\x00`, can spell what the template itself cannot contain."""
    if isinstance(value, float) and isinf(value):
        return "a number is too large"
    problem = find_unstorable(value) if isinstance(value, str) else None
    return f"a string {problem[1]}" if problem else None


def _loop_problem(node: nodes.For) -> str | None:
    if node.recursive:
        return "a loop must not be `recursive`"
    if not isinstance(node.target, nodes.Name) or node.target.name == LOOP:
        return "a loop must have exactly one variable, not named `loop`, as in `{% for p in passages %}`"
    is_allowed = isinstance(node.iter, nodes.Name) and node.iter.name == "passages"
    return None if is_allowed else "a loop must iterate over `passages`, as in `{% for p in passages %}`"
