"""Prompt templates and the passages that they show. Neither is trusted: any caller may write a template, and anyone a document.

A template is Jinja, reduced so that it cannot hang, fill the memory or read anything. Jinja's sandbox alone is not enough: it does not
limit time or memory, and shows the addresses of functions. A template may have no calls, no assignments, no arithmetic that grows, and no
loops inside loops (`template_check`). The length of its output is then bounded by the length of its input. As soon as a template is read,
every part of it is checked (`template_types`) and it is rendered with samples, so a mistake is found whatever a search returns.

A passage is data. Everything in it that could act as structure of the prompt is broken: control tokens, the fence around passages, their
numbers. A space is inserted after the first character, so nothing is lost and no tokenizer turns it into a control token. What a document
*says* in plain words is kept, because no rewriting keeps a model from believing it.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from types import TracebackType
from typing import Any

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, Undefined, UndefinedError, nodes
from jinja2 import Template as Compiled
from jinja2.compiler import CodeGenerator, Frame
from jinja2.parser import Parser
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from services.generation.grounding.template_check import TOO_DEEP, TemplateProblem, describe_syntax_error, find_problem, find_token_problem
from services.generation.grounding.template_types import COMPARISONS, find_type_problem
from services.generation.grounding.template_values import (
    ATTRIBUTES,
    FILTERS,
    OPERATOR_TESTS,
    TESTS,
    TYPES,
    Kind,
    TemplateFault,
    find_operator_problem,
    first_item,
    guard,
    kind_of,
    last_item,
    undefined_attribute,
)
from services.generation.grounding.template_values import Passage as Passage
from shared.contracts.prompt_template import BUILT_IN as BUILT_IN
from shared.contracts.search import SearchHit
from shared.errors import InvalidRequest
from shared.validation.off_loop import run_off_loop

PARAM = "prompt_template"
MAX_PROMPT_CHARS = 2_000_000
CHECK_FACTOR = 32  # a new template of 500 characters is checked off the event loop; one of 8,000 can take 0.3 s
HEADING_SEPARATOR = " \u203a "
NO_ITEM = "the first passage of a loop has no passage before it, and the last has none after it; check `loop.first` or `loop.last` first"
NO_ELSE = "an `if` inside an expression has no value here, because its condition is false; add an `else`"

LESS_THAN, BAR, GREATER_THAN = (
    "[<\uff1c\ufe64]",
    "[|\uff5c\u2502]",
    "[>\uff1e\ufe65]",
)  # full-width and small forms, which some tokenizers fold
# `<|im_start|>` and similar tokens (ChatML, Llama 3, Phi, DeepSeek); names with an underscore (Gemma's turns, `<repo_name>`,
# `<extra_id_0>`); other names that tokenizers use; Llama 2's and Mistral's marks. Every repetition is bounded, so that the time is linear
# in the length of the text.
ANGLED = re.compile(
    rf"{LESS_THAN}(?={BAR}[^\s<>]{{1,64}}{BAR}{GREATER_THAN}|/?(?:[a-z]{{1,32}}\d{{0,4}}(?:_[a-z0-9]{{1,32}}){{1,6}}|s|bos|eos|pad|unk|cls|sep|mask|think|tools|"
    rf"image|video|audio|filename|reponame|unused\d{{1,4}}){GREATER_THAN}|{LESS_THAN}?/?SYS{GREATER_THAN}{GREATER_THAN})",
    re.IGNORECASE,
)
SQUARE = re.compile(r"\[(?=/?(?:INST|IMG|PREFIX|SUFFIX|MIDDLE|THINK|[gs]?MASK|CLS|SEP|PAD|UNK|BOS|EOS|[A-Z]{1,32}(?:_[A-Z]{1,32}){1,4})\])")
FENCE = re.compile(rf"{LESS_THAN}(?=/?\s{{0,8}}passages?\b)", re.IGNORECASE)
NUMBER = re.compile(r"\[(?=\d{1,3}(?:\s{0,2}[,;]\s{0,2}\d{1,3}){0,16}\])")


PASSAGE_SAMPLES = (
    Passage(1, "A heading", "A text.", "A title", "a-file.md", 1, 0.5),
    Passage(2, "", "Another text.", "", "another-file.txt", None, 0.25),
    Passage(3, "A heading", "A third text.", "A title", "a-third-file.md", None, 0.25),
    Passage(4, "", "A fourth text.", "", "a-fourth-file.pdf", 2, 0.25),
)
SAMPLES = ((), *((each,) for each in PASSAGE_SAMPLES), PASSAGE_SAMPLES)


class Template:
    """A template that was checked; `param` is the field or setting that errors name.

    Raises:
        InvalidRequest: if it is not valid, or cannot be rendered without passages, with one, or with some that lack a page or a title.
    """

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
        for piece in _pieces(self._compiled, passages, question, self._param):
            length += len(piece)
            if length > MAX_PROMPT_CHARS:
                raise InvalidRequest(f"The rendered prompt has more than {MAX_PROMPT_CHARS:,} characters.", param=self._param)
            pieces.append(piece)
        return "".join(pieces)


async def read_template(source: str) -> Template:
    """Return the template of a request. A long one is checked off the event loop. Raises InvalidRequest if it is not valid."""
    return await run_off_loop(partial(Template, source), len(source) * CHECK_FACTOR)


def make_passage(number: int, hit: SearchHit, control_tokens: Collection[str] = ()) -> Passage:
    """Return a hit as a template sees it."""
    title, path = hit.chunk.title or "", hit.chunk.heading_path
    headings = [title, *(path[1:] if path[:1] == [title] else path)]
    return Passage(
        number=number,
        heading=sanitize(HEADING_SEPARATOR.join(heading for heading in headings if heading), control_tokens),
        text=sanitize("\n".join(part.text for part in hit.content), control_tokens),
        title=sanitize(title, control_tokens),
        filename=sanitize(hit.filename, control_tokens),
        page=hit.chunk.page,
        score=hit.score,
    )


def sanitize(text: str, control_tokens: Collection[str] = ()) -> str:
    """Return `text` without control tokens (those of common templates and `control_tokens`), without the fence and marks such as `[1]`."""
    text = NUMBER.sub(_split, FENCE.sub(_split, text))
    return split_control_tokens(text, control_tokens)


def split_control_tokens(text: str, control_tokens: Collection[str] = ()) -> str:
    """Return `text` with a space inside every control token."""
    text = SQUARE.sub(_split, ANGLED.sub(_split, text))
    return _pattern(frozenset(control_tokens)).sub(_split, text) if control_tokens else text


def has_control_tokens(text: str, control_tokens: Collection[str] = ()) -> bool:
    """Return whether a tokenizer would read a part of `text` as a control token."""
    return split_control_tokens(text, control_tokens) != text


class _CodeGenerator(CodeGenerator):
    """Compiles comparisons to `_Environment.compare`, which knows their values if they fail."""

    def visit_Compare(self, node: nodes.Compare, frame: Frame) -> None:  # noqa: N802
        self.write("environment.compare(")
        self.visit(node.expr, frame)
        for operand in node.ops:
            self.write(f", {operand.op!r}, ")
            self.visit(operand.expr, frame)
        self.write(")")


class _Environment(ImmutableSandboxedEnvironment):
    """Jinja without globals, and without attributes other than those of passages and loops. Its errors are for a template's author."""

    code_generator_class = _CodeGenerator
    intercepted_binops = frozenset({"+", "-"})

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True, optimized=False)
        self.globals.clear()
        filters: Mapping[str, Any] = {**self.filters, "first": first_item, "last": last_item}
        tests: Mapping[str, Any] = self.tests
        self.filters = {name: guard(f"the filter `{name}`", rule, filters[name]) for name, rule in FILTERS.items()}
        self.tests = {name: guard(f"the test `{name}`", rule, tests[name], OPERATOR_TESTS.get(name, "")) for name, rule in TESTS.items()}

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return an attribute of a passage or a loop; the value of every other attribute is undefined."""
        if isinstance(obj, Undefined):
            return obj
        kind = TYPES.get(type(obj), Kind.UNDEFINED)
        if attribute not in ATTRIBUTES.get(kind, ()):
            return undefined_attribute(kind, attribute)
        value = getattr(obj, attribute)
        return Undefined(NO_ITEM, exc=TemplateFault) if isinstance(value, Undefined) else value

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Return a sum or a difference."""
        if problem := find_operator_problem(operator, kind_of(left), kind_of(right)):
            raise TemplateFault(problem)
        return super().call_binop(context, operator, left, right)

    def compare(self, left: Any, *rest: Any) -> bool:
        """Return the result of a comparison: a value, and one or more pairs of Jinja's name of an operator and another value."""
        for name, right in zip(rest[::2], rest[1::2], strict=True):
            sign, function = COMPARISONS[name]
            if problem := find_operator_problem(sign, kind_of(left), kind_of(right)):
                raise TemplateFault(problem)
            if not function(left, right):
                return False
            left = right
        return True


@lru_cache(maxsize=64)
def _compile(source: str, param: str | None) -> Compiled:
    compiled = _parse(source, param)
    for sample in SAMPLES:
        for _ in _pieces(compiled, sample, "A question?", param):
            pass
    return compiled


def _parse(source: str, param: str | None) -> Compiled:
    environment, parser = _Environment(), None
    if problem := find_token_problem(environment, source):
        raise _invalid(problem, param)
    try:
        parser = Parser(environment, source)
        parsed = parser.parse()
        if problem := find_problem(parsed) or find_type_problem(parsed):
            raise _invalid(problem, param)
        return environment.from_string(parsed)
    except TemplateSyntaxError as error:
        raise _invalid(describe_syntax_error(error), param) from error
    except (RecursionError, MemoryError, SyntaxError, ValueError) as error:
        raise _invalid(TemplateProblem(parser.stream.current.lineno if parser else 1, TOO_DEEP), param) from error


def _pieces(compiled: Compiled, passages: Sequence[Passage], question: str, param: str | None) -> Iterator[str]:
    try:
        yield from compiled.generate(passages=passages, question=question)
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AssertionError, RecursionError) as error:
        raise _invalid(TemplateProblem(_line(error.__traceback__), _describe(error)), param) from error


def _describe(error: Exception) -> str:
    """Return what is wrong, in the words of this package alone: those of Jinja and Python name what the author of a template cannot see."""
    if isinstance(error, TemplateFault):
        return str(error.message)
    return NO_ELSE if isinstance(error, UndefinedError) else "this line cannot be evaluated; change its values"


def _line(trace: TracebackType | None) -> int:
    """Return the line of the template that raised an error. Jinja calls the template's code `<template>`."""
    line = 1
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno or line
        trace = trace.tb_next
    return line


def _invalid(problem: TemplateProblem, param: str | None) -> InvalidRequest:
    message = f"The prompt template has an error in line {problem.line}: {problem.text.rstrip('.')}."
    return InvalidRequest(message, param=param, code="invalid_prompt_template")


def _split(match: re.Match[str]) -> str:
    return f"{match.group()} "


@lru_cache(maxsize=32)
def _pattern(control_tokens: frozenset[str]) -> re.Pattern[str]:
    """Return a pattern for the first character of each token. It leaves words and runs of spaces alone, which some tokenizers add."""
    tokens = [token for token in control_tokens if len(token) > 1 and re.search(r"[^\w\s]", token)]
    longest_first = sorted(tokens, key=lambda token: (-len(token), token))
    return re.compile("|".join(f"{re.escape(token[0])}(?={re.escape(token[1:])})" for token in longest_first) or r"(?!)")
