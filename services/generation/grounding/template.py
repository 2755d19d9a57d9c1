"""Templates of the prompt: Jinja, cut down to what shows passages and a question, so that no template can hang, hoard or reach out.

Whoever asks may write one, so the sandbox alone is not enough: it has no limit on time or memory. What is let through has no calls, no
assignments, no arithmetic that grows and no loops in loops; the length of what comes out is then bounded by the length of what goes in.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import TracebackType

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, meta, nodes
from jinja2 import Template as Compiled
from jinja2.sandbox import ImmutableSandboxedEnvironment

from shared.errors import InvalidRequest

PARAM = "retrieval.prompt_template"
LONGEST_PROMPT = 2_000_000  # characters
NAMES = frozenset({"passages", "question"})
FILTERS = frozenset({"trim", "upper", "lower", "capitalize", "title", "length", "default", "first", "last", "truncate"})
ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr, nodes.For, nodes.If, nodes.CondExpr,
    nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Filter, nodes.Test, nodes.Concat, nodes.Add, nodes.Sub,
    nodes.Keyword,
)  # fmt: skip
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
    """A passage as a template sees it. Every text in it is neutralised; `number` is what the answer calls it by.

    `heading` is the title and the headings it stands under, outermost first; `page` counts from 1, None where there are none.
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
    """A template that was checked; `param` is what errors name as the place."""

    def __init__(self, source: str, param: str | None = PARAM) -> None:
        self.source = source
        self._param = param
        self._compiled = _compile(source, param)

    def render(self, passages: Sequence[Passage], question: str) -> str:
        """Return the prompt.

        Raises:
            InvalidRequest: a line cannot be worked out, or the prompt has more than 2,000,000 characters.
        """
        pieces: list[str] = []
        length = 0
        for piece in self._pieces(passages, question):
            length += len(piece)
            if length > LONGEST_PROMPT:
                raise InvalidRequest(f"What the template makes has more than {LONGEST_PROMPT:,} characters.", param=self._param)
            pieces.append(piece)
        return "".join(pieces)

    def _pieces(self, passages: Sequence[Passage], question: str) -> Iterator[str]:
        try:
            yield from self._compiled.generate(passages=passages, question=question)
        except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
            raise _refused(_line(error.__traceback__), str(error), self._param) from error


@lru_cache(maxsize=64)
def _compile(source: str, param: str | None) -> Compiled:
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True)
    try:
        parsed = environment.parse(source)
        _check(parsed, param)
        missing = NAMES - meta.find_undeclared_variables(parsed)
        if missing:
            raise _refused(1, f"it never shows `{min(missing)}`; a template shows `passages` and `question`", param)
        return environment.from_string(source)
    except TemplateSyntaxError as error:
        raise _refused(error.lineno, str(error.message), param) from error
    except (RecursionError, MemoryError, SyntaxError, ValueError) as error:
        raise _refused(1, f"Python cannot take it ({error})", param) from error


def _check(parsed: nodes.Template, param: str | None) -> None:
    for node in _all(parsed.iter_child_nodes()):
        if problem := _problem(node):
            raise _refused(node.lineno, problem, param)
    for name in meta.find_undeclared_variables(parsed) - NAMES:
        line = next(node.lineno for node in parsed.find_all(nodes.Name) if node.name == name)
        raise _refused(line, f"`{name}` is not known; there are `passages` and `question`", param)


def _all(found: Iterable[nodes.Node]) -> Iterator[nodes.Node]:
    for node in found:
        yield node
        yield from _all(node.iter_child_nodes())


def _problem(node: nodes.Node) -> str | None:
    """Return what is wrong with a node; None where it is let through."""
    if not isinstance(node, ALLOWED):
        return f"`{type(node).__name__}` is not let through; a template has {{% for %}}, {{% if %}} and {{{{ … }}}}, without calls"
    if isinstance(node, nodes.Filter) and node.name not in FILTERS:
        return f"the filter `{node.name}` is not let through; there are {', '.join(sorted(FILTERS))}"
    if isinstance(node, nodes.For):
        return _loop_problem(node)
    return None


def _loop_problem(node: nodes.For) -> str | None:
    if not (isinstance(node.iter, nodes.Name) and node.iter.name == "passages") or node.recursive:
        return "loops go over `passages`"
    return "a loop cannot stand in a loop" if next(node.find_all(nodes.For), None) else None


def _line(trace: TracebackType | None) -> int:
    """Return the template's line that an error came from; Jinja names its code `<template>`."""
    line = 1
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _refused(line: int, problem: str, param: str | None) -> InvalidRequest:
    return InvalidRequest(
        f"The prompt template is wrong in line {line}: {problem.rstrip('.')}.", param=param, code="invalid_prompt_template"
    )
