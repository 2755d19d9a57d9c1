"""Prompt templates and the passages that they show. Neither is trusted: any caller may write a template, and anyone a document.

A template is Jinja, reduced so that it cannot hang, fill the memory or read anything. Jinja's sandbox alone is not enough: it does not
limit time or memory, and shows the addresses of functions. A template may have no calls, no assignments, no arithmetic that grows, and no
loops inside loops (`template_check`). The length of its output is then bounded by the length of its input. A template is rendered with
samples as soon as it is read, and the attributes in parts that no sample reaches are checked too, so a mistake is found whatever a search
returns.

A passage is data. Everything in it that could act as structure of the prompt is broken: control tokens, the fence around passages, their
numbers. A space is inserted after the first character, so nothing is lost and no tokenizer turns it into a control token. What a document
*says* in plain words is kept, because no rewriting keeps a model from believing it.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Reversible, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from types import TracebackType
from typing import Any

from jinja2 import ChainableUndefined, StrictUndefined, TemplateError, TemplateSyntaxError, Undefined, nodes
from jinja2 import Template as Compiled
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from services.generation.grounding.template_check import FILTERS, LOOP_ATTRIBUTES, find_missing_attribute, find_problem
from shared.contracts.prompt_template import BUILT_IN as BUILT_IN
from shared.contracts.search import SearchHit
from shared.errors import InvalidRequest

PARAM = "prompt_template"
MAX_PROMPT_CHARS = 2_000_000
HEADING_SEPARATOR = " \u203a "
TYPE_NAMES = {"Passage": "a passage", "str": "a string", "list": "a list", "tuple": "a list", "LoopContext": "`loop`"}

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
SAMPLE_WITHOUT_PAGES = Passage(2, "", "Another text.", "", "another-file.txt", None, 0.25)
SAMPLES = ((), (SAMPLE,), (SAMPLE, SAMPLE_WITHOUT_PAGES))
PASSAGE_ATTRIBUTES = frozenset(field.name for field in fields(Passage))
ATTRIBUTES: Mapping[type, frozenset[str]] = {Passage: PASSAGE_ATTRIBUTES, LoopContext: LOOP_ATTRIBUTES}
NO_PASSAGE = "there is no first or last passage if nothing was found; check `{% if passages %}` first"


class Template:
    """A template that was checked; `param` is the field or setting that errors name.

    Raises:
        InvalidRequest: if it is not valid, or cannot be rendered without passages, with one, or with one that has no page and no title.
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


class _Environment(ImmutableSandboxedEnvironment):
    """Jinja without globals, and without attributes other than those of passages and loops."""

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True)
        self.globals.clear()
        self.filters = {**{name: self.filters[name] for name in FILTERS}, "first": _first, "last": _last}

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:  # noqa: ARG002
        return isinstance(obj, Undefined) or attr in ATTRIBUTES.get(type(obj), ())

    def wrap_str_format(self, value: Any) -> None:
        """Return None, so that `format` and `format_map` of a string are refused too; Jinja makes functions of them."""

    def unsafe_undefined(self, obj: Any, attribute: str) -> Undefined:
        return self.undefined(obj=obj, name=attribute)


def _first(items: Iterable[Any]) -> Any:
    """Return the first item; if there is none, a value that is shown as nothing, like all its attributes."""
    return next(iter(items), ChainableUndefined(NO_PASSAGE))


def _last(items: Reversible[Any]) -> Any:
    """Return the last item, or the same as `_first`."""
    return next(reversed(items), ChainableUndefined(NO_PASSAGE))


@lru_cache(maxsize=64)
def _compile(source: str, param: str | None) -> Compiled:
    parsed, compiled = _parse(source, param)
    for sample in SAMPLES:
        for _ in _pieces(compiled, sample, "A question?", param):
            pass
    if problem := find_missing_attribute(parsed, PASSAGE_ATTRIBUTES):
        raise _invalid(problem.line, _with_attributes(problem.text), param)
    return compiled


def _parse(source: str, param: str | None) -> tuple[nodes.Template, Compiled]:
    environment = _Environment()
    try:
        parsed = environment.parse(source)
        if problem := find_problem(parsed):
            raise _invalid(problem.line, problem.text, param)
        return parsed, environment.from_string(source)
    except TemplateSyntaxError as error:
        raise _invalid(error.lineno, str(error.message), param) from error
    except (RecursionError, MemoryError, SyntaxError, ValueError) as error:
        raise _invalid(1, f"it is too long or too deeply nested ({error})", param) from error


def _pieces(compiled: Compiled, passages: Sequence[Passage], question: str, param: str | None) -> Iterator[str]:
    try:
        yield from compiled.generate(passages=passages, question=question)
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AssertionError, RecursionError) as error:
        raise _invalid(_line(error.__traceback__), _describe(error), param) from error


def _describe(error: Exception) -> str:
    """Return the error's message without the name of a class: `a passage has no attribute 'nope'`."""
    return _with_attributes(re.sub(r"'(?:\w+\.)*(\w+) object'", lambda found: TYPE_NAMES.get(found[1], "the value"), str(error)))


def _with_attributes(message: str) -> str:
    return f"{message}; it has {', '.join(sorted(PASSAGE_ATTRIBUTES))}" if message.startswith("a passage has no") else message


def _line(trace: TracebackType | None) -> int:
    """Return the line of the template that raised an error. Jinja calls the template's code `<template>`."""
    line = 1
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno or line
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
