"""Prompt templates: Jinja, reduced to what shows passages and a question, so that no template can hang, fill the memory or read anything.

Any caller may write a template, so Jinja's sandbox alone is not enough: it does not limit time or memory. A template may have no calls, no
assignments, no arithmetic that grows, and no loops inside loops. The length of its output is then bounded by the length of its input.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import TracebackType

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, meta, nodes
from jinja2 import Template as Compiled
from jinja2.sandbox import ImmutableSandboxedEnvironment

from shared.errors import InvalidRequest

PARAM = "prompt_template"
MAX_PROMPT_CHARS = 2_000_000
NAMES = frozenset({"passages", "question"})
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
TYPE_NAMES = {"Passage": "a passage", "str": "a string"}
BUILT_IN = """Answer the question from the numbered passages.

<passages>
{% for passage in passages %}
[{{ passage.number }}]{% if passage.heading %} {{ passage.heading }}{% endif +%}
{{ passage.text }}
{% if not loop.last %}

{% endif %}
{% endfor %}
</passages>

Question: {{ question }}"""


@dataclass(frozen=True)
class Passage:
    """A passage as a template sees it, with every string sanitized. `number` is what the answer cites it by.

    `heading` is the title and the headings above the passage, outermost first. `page` counts from 1; it is None if there are no pages.
    """

    number: int
    heading: str
    text: str
    title: str
    filename: str
    page: int | None
    score: float


SAMPLE = Passage(1, "A heading", "A text.", "A title", "a-file.md", 1, 0.5)


class Template:
    """A template that was checked; `param` is the field or setting that errors name."""

    def __init__(self, source: str, param: str | None = PARAM) -> None:
        self.source = source
        self._param = param
        self._compiled = _compile(source, param)

    def render(self, passages: Sequence[Passage], question: str) -> str:
        """Return the prompt.

        Raises:
            InvalidRequest: if a line cannot be evaluated, or the prompt has more than 2,000,000 characters.
        """
        pieces: list[str] = []
        length = 0
        for piece in self._pieces(passages, question):
            length += len(piece)
            if length > MAX_PROMPT_CHARS:
                raise InvalidRequest(f"The rendered prompt has more than {MAX_PROMPT_CHARS:,} characters.", param=self._param)
            pieces.append(piece)
        return "".join(pieces)

    def _pieces(self, passages: Sequence[Passage], question: str) -> Iterator[str]:
        try:
            yield from self._compiled.generate(passages=passages, question=question)
        except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
            raise _invalid(_line(error.__traceback__), _describe(error), self._param) from error


@lru_cache(maxsize=64)
def _compile(source: str, param: str | None) -> Compiled:
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True)
    try:
        parsed = environment.parse(source)
        _check(parsed, param)
        missing = NAMES - meta.find_undeclared_variables(parsed)
        if missing:
            raise _invalid(1, f"it does not use `{min(missing)}`; a template must use `passages` and `question`", param)
        return environment.from_string(source)
    except TemplateSyntaxError as error:
        raise _invalid(error.lineno, str(error.message), param) from error
    except (RecursionError, MemoryError, SyntaxError, ValueError) as error:
        raise _invalid(1, f"it is too long or too deeply nested ({error})", param) from error


def _check(parsed: nodes.Template, param: str | None) -> None:
    for node in _walk(parsed.iter_child_nodes()):
        if problem := _problem(node):
            raise _invalid(node.lineno, problem, param)
    for name in meta.find_undeclared_variables(parsed) - NAMES:
        line = next(node.lineno for node in parsed.find_all(nodes.Name) if node.name == name)
        raise _invalid(line, f"`{name}` is not defined; use `passages` and `question`", param)


def _walk(tree: Iterable[nodes.Node]) -> Iterator[nodes.Node]:
    for node in tree:
        yield node
        yield from _walk(node.iter_child_nodes())


def _problem(node: nodes.Node) -> str | None:
    """Return what is wrong with a node; None if it is allowed."""
    if not isinstance(node, ALLOWED):
        return f"{FORBIDDEN.get(type(node), 'this')} is not allowed; use only {{% for %}}, {{% if %}} and {{{{ … }}}}, without calls"
    if isinstance(node, nodes.Filter) and node.name not in FILTERS:
        return f"the filter `{node.name}` is not allowed; use {', '.join(sorted(FILTERS))}"
    if isinstance(node, nodes.For):
        return _loop_problem(node)
    return None


def _loop_problem(node: nodes.For) -> str | None:
    if not (isinstance(node.iter, nodes.Name) and node.iter.name == "passages") or node.recursive:
        return "a loop must be over `passages`"
    return "a loop must not contain another loop" if next(node.find_all(nodes.For), None) else None


def _describe(error: Exception) -> str:
    """Return the error's message without the name of a class: `a passage has no attribute 'nope'`."""
    return re.sub(r"'(?:\w+\.)*(\w+) object'", lambda found: TYPE_NAMES.get(found[1], "the value"), str(error))


def _line(trace: TracebackType | None) -> int:
    """Return the line of the template that raised an error. Jinja calls the template's code `<template>`."""
    line = 1
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _invalid(line: int, problem: str, param: str | None) -> InvalidRequest:
    return InvalidRequest(
        f"The prompt template has an error in line {line}: {problem.rstrip('.')}.", param=param, code="invalid_prompt_template"
    )
