"""The values that a template can have, and what its operators, filters and tests accept.

Each rule is used twice: before a template is rendered, with everything that a value can be (`template_types`), and while it is rendered,
with what the value is. So an error has the same words in both cases, and never those of Python. Knows nothing of a template's text.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Reversible, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import wraps
from types import NoneType
from typing import Any

from jinja2 import StrictUndefined, TemplateRuntimeError, Undefined
from jinja2.runtime import LoopContext


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


class Kind(StrEnum):
    """What a value is, in the words of an error."""

    STRING = "a string"
    NUMBER = "a number"
    BOOLEAN = "a boolean"
    NONE = "`none`"
    LIST = "a list"
    PASSAGE = "a passage"
    LOOP = "`loop`"
    UNDEFINED = "nothing"


Kinds = frozenset[Kind]

STRING, NUMBER, BOOLEAN, NONE, LIST, PASSAGE, LOOP, UNDEFINED = (frozenset({kind}) for kind in Kind)
TEXT = STRING | NUMBER | BOOLEAN | NONE
WHOLE = PASSAGE | LIST | LOOP
ANY = frozenset(Kind)
TYPES: Mapping[type, Kind] = {
    str: Kind.STRING, bool: Kind.BOOLEAN, int: Kind.NUMBER, float: Kind.NUMBER, NoneType: Kind.NONE, Passage: Kind.PASSAGE,
    list: Kind.LIST, tuple: Kind.LIST, LoopContext: Kind.LOOP,
}  # fmt: skip

FIELD_KINDS: Mapping[Any, Kinds] = {str: STRING, int: NUMBER, float: NUMBER, int | None: NUMBER | NONE}
ATTRIBUTES: Mapping[Kind, Mapping[str, Kinds]] = {
    Kind.PASSAGE: {each.name: FIELD_KINDS[each.type] for each in fields(Passage)},
    Kind.LOOP: {
        **dict.fromkeys(("index", "index0", "revindex", "revindex0", "length"), NUMBER),
        **dict.fromkeys(("first", "last"), BOOLEAN),
        **dict.fromkeys(("previtem", "nextitem"), PASSAGE | UNDEFINED),
    },
}


class TemplateFault(TemplateRuntimeError):
    """A template cannot be evaluated. Its message is for the template's author."""


@dataclass(frozen=True)
class Rule:
    """What a filter or a test accepts: the value in front of it, and its arguments, of which the first `required` must be there.

    `advice` is for arguments of the right kinds that are wrong nevertheless.
    """

    value: Kinds = ANY
    parameters: Mapping[str, Kinds] = field(default_factory=dict)
    required: int = 0
    advice: str = "change the values"


PAGE_ADVICE = ". The `page` of a passage is `none` if its file has no pages; check it first, as in `{% if p.page is not none %}`"
TRUNCATE = {"length": NUMBER, "killwords": ANY, "end": STRING, "leeway": NUMBER | NONE}
TRUNCATE_ADVICE = "`length` must be a whole number, at least as large as the length of `end` (3 for '...'), and `leeway` must be at least 0"
FILTERS: Mapping[str, Rule] = {
    **dict.fromkeys(("upper", "lower", "capitalize", "title"), Rule(TEXT)),
    **dict.fromkeys(("length", "first", "last"), Rule(STRING | LIST)),
    "default": Rule(ANY, {"default_value": ANY, "boolean": ANY}),
    "trim": Rule(TEXT, {"chars": STRING | NONE}),
    "truncate": Rule(STRING, TRUNCATE, advice=TRUNCATE_ADVICE),
}
OPERATOR_TESTS: Mapping[str, str] = {
    **dict.fromkeys(("eq", "equalto", "==", "sameas"), "=="), **dict.fromkeys(("ne", "!="), "!="), "in": "in",
    **dict.fromkeys(("lt", "lessthan", "<"), "<"), **dict.fromkeys(("gt", "greaterthan", ">"), ">"),
    **dict.fromkeys(("le", "<="), "<="), **dict.fromkeys(("ge", ">="), ">="),
}  # fmt: skip
KIND_TESTS = (
    "boolean", "defined", "false", "float", "integer", "iterable", "lower", "mapping", "none", "number", "sequence", "string", "true",
    "undefined", "upper",
)  # fmt: skip
TESTS: Mapping[str, Rule] = {
    **dict.fromkeys(KIND_TESTS, Rule()),
    **dict.fromkeys(OPERATOR_TESTS, Rule(ANY, {"value": ANY}, required=1)),
    **dict.fromkeys(("odd", "even"), Rule(NUMBER)),
    "divisibleby": Rule(NUMBER, {"number": NUMBER}, required=1, advice="the number must not be 0"),
}

ORDERED = ((NUMBER | BOOLEAN, NUMBER | BOOLEAN), (STRING, STRING))
CONTAINED = ((STRING, STRING), (ANY, LIST))
# The pairs of kinds that an operator accepts, and what its error says that it needs. Those that accept everything are not listed.
OPERATORS: Mapping[str, tuple[Sequence[tuple[Kinds, Kinds]], str]] = {
    **dict.fromkeys(("<", "<=", ">", ">=", "+"), (ORDERED, "two numbers or two strings")),
    "-": (ORDERED[:1], "two numbers"),
    **dict.fromkeys(("in", "not in"), (CONTAINED, "two strings, or a list on the right")),
}


def kind_of(value: Any) -> Kinds:
    """Return what a value is. One that no template should have counts as undefined."""
    return frozenset({TYPES.get(type(value), Kind.UNDEFINED)})


def list_kinds(kinds: Kinds) -> list[Kind]:
    """Return the kinds of a value that is there, in the order of `Kind`."""
    return [kind for kind in Kind if kind in kinds - UNDEFINED]


def find_operator_problem(operator: str, left: Kinds, right: Kinds, label: str = "") -> str | None:
    """Return what is wrong with the operands of an operator, or of the test that `label` names, if they cannot have accepted kinds."""
    pairs = [(first, second) for first in list_kinds(left) for second in list_kinds(right)]
    if operator not in OPERATORS or not pairs:
        return None
    accepted, needs = OPERATORS[operator]
    if any(first in lefts and second in rights for first, second in pairs for lefts, rights in accepted):
        return None
    first, second = pairs[0]
    return f"{label or f'`{operator}`'} needs {needs}; here it has {first} and {second}{_advise_none(first, second)}"


def find_use_problem(
    label: str, rule: Rule, value: Kinds, positional: Sequence[Kinds], named: Sequence[tuple[str, Kinds]] = ()
) -> str | None:
    """Return what is wrong with the use of a filter or a test, which `label` names."""
    if not accepts(rule.value, value):
        found = list_kinds(value)[0]
        return f"{label} needs {describe_kinds(rule.value)}; here it has {found}{_advise_none(found)}"
    return next(_argument_problems(label, rule, positional, named), None)


def accepts(accepted: Kinds, kinds: Kinds) -> bool:
    """Return whether a value can be used: one of its kinds is accepted, and none of them is a whole passage or list that is not."""
    present = kinds - UNDEFINED
    return not present or bool(present & accepted and not (present & WHOLE) - accepted)


def describe_kinds(kinds: Kinds) -> str:
    """Return the kinds as an error says what is needed."""
    return "text" if kinds == TEXT else " or ".join(kind for kind in list_kinds(kinds) if kind is not Kind.NONE)


def guard(label: str, rule: Rule, function: Callable[..., Any], operator: str = "") -> Callable[..., Any]:
    """Return a filter or a test of Jinja that raises `TemplateFault` if it cannot be used with its values."""
    first = 1 if hasattr(function, "jinja_pass_arg") else 0

    @wraps(function)
    def call(*arguments: Any, **named: Any) -> Any:
        value, *positional = (kind_of(each) for each in arguments[first:])
        problem = find_use_problem(label, rule, value, positional, [(name, kind_of(each)) for name, each in named.items()])
        if problem := problem or (find_operator_problem(operator, value, positional[0], label) if operator else None):
            raise TemplateFault(problem)
        try:
            return function(*arguments, **named)
        except (TypeError, ValueError, ArithmeticError, LookupError, AssertionError) as error:
            is_missing = any(isinstance(each, Undefined) for each in (*arguments, *named.values()))
            problem = "has an argument that has no value here" if is_missing else f"cannot be used with these values; {rule.advice}"
            raise TemplateFault(f"{label} {problem}") from error

    return call


def first_item(items: Iterable[Any]) -> Any:
    """Return the first item; if there is none, a value that is shown as nothing, like all its attributes."""
    return next(iter(items), _no_item(items))


def last_item(items: Reversible[Any]) -> Any:
    """Return the last item, or the same as `first_item`."""
    return next(reversed(items), _no_item(items))


def _no_item(items: object) -> Undefined:
    if isinstance(items, str):
        return Undefined("an empty string has no first or last character", exc=TemplateFault)
    return Undefined("there is no first or last passage if nothing was found; check with `{% if passages %}` first", exc=TemplateFault)


def _argument_problems(label: str, rule: Rule, positional: Sequence[Kinds], named: Sequence[tuple[str, Kinds]]) -> Iterator[str]:
    names = list(rule.parameters)
    if len(positional) > len(names):
        limit = f"at most {len(names)} argument{'s' if len(names) > 1 else ''}" if names else "no arguments"
        yield f"{label} takes {limit}; here it has {len(positional) + len(named)}"
    given: dict[str, Kinds] = {}
    for name, kinds in (*zip(names, positional, strict=False), *named):
        if name not in rule.parameters:
            yield f"{label} has no argument `{name}`; {_list_names('argument', names) or 'it takes none'}"
        elif name in given:
            yield f"{label} has the argument `{name}` twice"
        elif not accepts(rule.parameters[name], kinds):
            needed, found = describe_kinds(rule.parameters[name]), list_kinds(kinds)[0]
            yield f"the argument `{name}` of {label} must be {needed}; here it is {found}"
        given[name] = kinds
    if len(given) < rule.required:
        yield f"{label} needs an argument"


def _advise_none(*kinds: Kind) -> str:
    return PAGE_ADVICE if Kind.NONE in kinds else ""


def missing_attribute(kind: Kind, name: str) -> str:
    """Return the error about an attribute that a value does not have."""
    names = _list_names("attribute", sorted(ATTRIBUTES.get(kind, ())))
    return f"{kind} has no attribute `{name}`{f'; {names}' if names else ''}"


def _list_names(what: str, names: Sequence[str]) -> str:
    return f"its {what}{'s are' if len(names) > 1 else ' is'} {', '.join(f'`{each}`' for each in names)}" if names else ""


def undefined_attribute(kind: Kind, name: str) -> Undefined:
    """Return the value of an attribute that is not there. Every use of it is an error, except to ask whether it is defined."""
    return StrictUndefined(missing_attribute(kind, name), exc=TemplateFault)
