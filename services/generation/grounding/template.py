"""Prompt templates and the passages that they show. Neither is trusted: any caller may write a template, and anyone a document.

A template is Jinja, reduced so that it cannot hang, fill the memory or read anything. Jinja's sandbox alone is not enough: it does not
limit time or memory. A template may have no calls, no assignments, no arithmetic that grows, and no loops inside loops. The length of its
output is then bounded by the length of its input.

A passage is data. Everything in it that could act as structure of the prompt is broken: control tokens, the fence around passages, their
numbers. A space is inserted after the first character, so nothing is lost and no tokenizer makes a control token of it. What a document
*says* in plain words is kept, because no rewriting keeps a model from believing it.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import TracebackType

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, meta, nodes
from jinja2 import Template as Compiled
from jinja2.sandbox import ImmutableSandboxedEnvironment

from shared.contracts.prompt_template import BUILT_IN as BUILT_IN
from shared.contracts.search import SearchHit
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
HEADING_SEPARATOR = " \u203a "
TYPE_NAMES = {"Passage": "a passage", "str": "a string"}

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


def _split(match: re.Match[str]) -> str:
    return f"{match.group()} "


@lru_cache(maxsize=32)
def _pattern(control_tokens: frozenset[str]) -> re.Pattern[str]:
    """Return a pattern for the first character of each token. It leaves words and runs of spaces alone, which some tokenizers add."""
    tokens = [token for token in control_tokens if len(token) > 1 and re.search(r"[^\w\s]", token)]
    longest_first = sorted(tokens, key=lambda token: (-len(token), token))
    return re.compile("|".join(f"{re.escape(token[0])}(?={re.escape(token[1:])})" for token in longest_first) or r"(?!)")
