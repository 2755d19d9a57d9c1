"""A wrong template is a 400 whose message is for its author: the line, what is wrong and what would be right, without Python's words."""

import inspect
import re

import httpx
import pytest
from jinja2 import nodes

from services.generation.grounding.template import Passage, Template
from services.generation.grounding.template_check import ALLOWED, FORBIDDEN
from shared.errors import InvalidRequest
from tests.fake_retrieval import FakeRetrieval, make_hit

WITHOUT_PAGES = Passage(1, "", "A text.", "", "file.txt", None, 0.5)
RIGHT = "{{ passages|length }} {{ question }}\n"
MARKERS = re.compile(
    r"\(\)|object|NoneType|not supported|__|Traceback|'(?:int|str|float|list|tuple|dict|bool|NoneType|Passage|function|method|type)'|"
    r"Error\b|Exception|instance|positional|sys\.|not iterable|callable|subscriptable|unpack|operand|\bint\b|\bstr\b|None|True|False|"
    r"Undefined|Jinja|Const|identifier"
)


def each(line: str) -> str:
    return f"{{% for p in passages %}}{line}{{% endfor %}}"


PASSAGE, LIST = (
    "; show one of its attributes, such as `{{ p.text }}`",
    "; show each of its passages, as in `{% for p in passages %}{{ p.text }}",
)
FILTERS = "is not allowed; use one of `capitalize`, `default`, `first`, `last`, `length`, `lower`, `title`, `trim`, `truncate`, `upper`"
SHOWN = [
    ("{{ passages }}", "`{{ … }}` needs text, but `passages` is a list" + LIST),
    ("{% print passages %}", "`{{ … }}` needs text, but `passages` is a list" + LIST),
    (each("{{ p }}"), "`{{ … }}` needs text, but `p` is a passage" + PASSAGE),
    ("{{ passages|first }}", "`{{ … }}` needs text, but `passages|first` is a passage" + PASSAGE),
    (each("{{ loop }}"), "`loop` has no text; use one of its attributes, such as `loop.index`"),
    (each("{{ loop|default('') }}"), "`loop` has no text"),
    (each("{{ loop.nextitem }}"), "such as `{{ loop.nextitem.text }}`"),
    (each("{{ (loop if question else loop).previtem }}"), "this expression is a passage" + PASSAGE),
    (each("{{ p if p.page else '' }}"), "this expression can be a passage" + PASSAGE),
    (each("{{ p or '' }}"), "this expression can be a passage" + PASSAGE),
    ("{{ passages and (passages|first).text }}", "this expression can be a list" + LIST),
    ("{{ question|default(passages) }}", "`question|default` can be a list" + LIST),
    (each("{{ p.author|default(p) }}"), "is a passage" + PASSAGE),
    ("{{ 'From ' ~ passages }}", "`~` needs text, but `passages` is a list" + LIST),
    (each("{{ p ~ '' }}"), "`~` needs text, but `p` is a passage" + PASSAGE),
    ("{{ passages|trim }}", "the filter `trim` needs text, but `passages` is a list" + LIST),
    (each("{{ p|upper }}"), "the filter `upper` needs text, but `p` is a passage" + PASSAGE),
    ("{{ passages|truncate(99) }}", "the filter `truncate` needs a string, but `passages` is a list" + LIST),
    (each("{{ p|length }}"), "the filter `length` needs a string or a list, but `p` is a passage" + PASSAGE),
    *((f"{{{{ passages|{name} }}}}", f"the filter `{name}` {FILTERS}") for name in ("string", "join", "list", "pprint", "tojson")),
    ("{{ '%s'|format(passages) }}", "the filter `format` " + FILTERS),
]
VALUES = [
    ("{{ question < 5 }}", "`<` needs two numbers or two strings; here it has a string and a number"),
    (each("{{ p >= p }}"), "`>=` needs two numbers or two strings; here it has a passage and a passage"),
    (
        each("{{ p.page < 5 }}"),
        "here it has `none` and a number. The `page` of a passage is `none` if its file has no pages; check it first, as in `{% if",
    ),
    ("{{ 5 in question }}", "`in` needs two strings, or a list on the right; here it has a number and a string"),
    ("{{ 'a' not in 5 }}", "`not in` needs two strings, or a list"),
    ("{{ 'a' + 1 }}", "`+` needs two numbers or two strings; here it has a string and a number"),
    ("{{ question - 1 }}", "`-` needs two numbers; here it has a string and a number"),
    ("{{ passages + passages }}", "`+` needs two numbers or two strings; here it has a list and a list"),
    (each("{{ p.page + 1 }}"), "`+` needs two numbers or two strings; here it has `none` and a number"),
    (each("{% if p.title and not p.page %}{{ p.page + 1 }}{% endif %}"), "`+` needs two numbers or two strings; here it has `none`"),
    (each("{% if p.title and loop.last %}{{ p.page + 1 }}{% endif %}"), "`+` needs two numbers or two strings; here it has `none`"),
    ("{% if passages %}{{ (passages|first).page + 1 }}{% endif %}", "`+` needs two numbers or two strings; here it has `none`"),
    ("{{ question is lt 5 }}", "the test `lt` needs two numbers or two strings; here it has a string and a number"),
    ("{{ 'a' is odd }}", "the test `odd` needs a number; here it has a string"),
    ("{{ 7 is divisibleby(0) }}", "the test `divisibleby` cannot be used with these values; the number must not be 0"),
    ("{{ 7 is divisibleby }}", "the test `divisibleby` needs an argument"),
    ("{{ 7 is divisibleby('a') }}", "the argument `number` of the test `divisibleby` must be a number; here it is a string"),
    ("{{ question is eq(value=3) }}", "the test `eq` takes its argument without a name"),
    ("{{ question is lower(3) }}", "the test `lower` takes no arguments; here it has 1"),
    ("{{ question is palindrome }}", "the test `palindrome` is not allowed; use one of `boolean`, `defined`"),
    ("{{ question|shout }}", "the filter `shout` " + FILTERS),
    ("{{ question|truncate(1, 2, 3, 4, 5) }}", "the filter `truncate` takes at most 4 arguments; here it has 5"),
    (
        "{{ question|truncate(size=3) }}",
        "the filter `truncate` has no argument `size`; its arguments are `length`, `killwords`, `end`, `leeway`",
    ),
    ("{{ question|truncate('3') }}", "the argument `length` of the filter `truncate` must be a number; here it is a string"),
    ("{{ question|truncate(9, length=9) }}", "the filter `truncate` has the argument `length` twice"),
    ("{{ question|truncate(length=9, length=9) }}", "the filter `truncate` has the argument `length` twice"),
    ("{{ question|truncate(2) }}", "`length` must be a whole number, at least as large as the length of `end` (3 for '...')"),
    ("{{ question|truncate(3.5) }}", "`length` must be a whole number"),
    ("{{ question|truncate(9, leeway=-9) }}", "the sign `-` in front of a value is not allowed"),
    ("{{ question|truncate(*passages) }}", "the filter `truncate` must not have arguments with `*`"),
    ("{{ question|upper(x=3) }}", "the filter `upper` has no argument `x`; it takes none"),
    ("{{ question|upper(3) }}", "the filter `upper` takes no arguments; here it has 1"),
    ("{{ question|trim(x=5) }}", "the filter `trim` has no argument `x`; its argument is `chars`"),
    ("{{ question|trim(5) }}", "the argument `chars` of the filter `trim` must be a string; here it is a number"),
    ("{{ question|trim('?' if question is none) }}", "the filter `trim` has an argument that has no value here"),
    ("{{ 5|length }}", "the filter `length` needs a string or a list; here it has a number"),
    ("{{ none|last }}", "the filter `last` needs a string or a list; here it has `none`"),
    (each("{{ (p.page or p.text)|truncate(9) }}"), "the filter `truncate` needs a string; here it has a number"),
    (
        each("{{ p.nope }}"),
        "a passage has no attribute `nope`; its attributes are `filename`, `heading`, `number`, `page`, `score`, `text`, `title`",
    ),
    (each("{{ p.page.x }}"), "a number has no attribute `x`"),
    ("{{ question.title }}", "a string has no attribute `title`"),
    ("{{ true.real }}", "a boolean has no attribute `real`"),
    (each("{{ loop.previtem.score > 0.5 }}"), "the first passage of a loop has no passage before it"),
    ("{{ (passages|first).score > 0.5 }}", "there is no first or last passage if nothing was found; check with `{% if passages %}` first"),
    ("{{ (''|first) + 'a' }}", "an empty string has no first or last character"),
    (
        "{{ ('x' if question is none) + 'y' }}",
        "an `if` inside an expression has no value here, because its condition is false; add an `else`",
    ),
    ("{{ lipsum }}", "`lipsum` is not defined; use `passages` and `question`"),
    (each("{{ q.text }}"), "`q` is not defined; use `passages`, `question` and `p`"),
    (each("") + "{{ p.text }}", "`p` is not defined; use `passages` and `question`"),
    ("{{ loop.index }}", "`loop` is not defined here; it exists only between `{% for … %}` and `{% endfor %}`"),
    ("{{ 1e999 }}", "a number is too large"),
    ("{{ " + "9" * 5000 + " }}", "a number must not have more than 100 digits"),
    ("{{ " + "9" * 100 + " + 0.5 + 'a' }}", "`+` needs two numbers or two strings; here it has a number and a string"),
]
STATEMENTS = "; use only `{% for %}`, `{% if %}` and `{{ … }}`"
STRUCTURE = [
    ("{{ -passages }}", "the sign `-` in front of a value is not allowed; subtract the value from 0"),
    ("{{ +1 }}", "the sign `+` in front of a value is not allowed; leave it out"),
    *((f"{{{{ 7 {sign} 2 }}}}", f"the operator `{sign}` is not allowed; use `+`, `-` or `~`") for sign in ("*", "**", "/", "//", "%")),
    ("{% with x = 1 %}{{ x }}{% endwith %}", f"an assignment is not allowed{STATEMENTS}, without `with`"),
    ("{% set x = question %}", f"an assignment is not allowed{STATEMENTS}, without `set`"),
    ("{% set x %}a{% endset %}", f"an assignment is not allowed{STATEMENTS}, without `set`"),
    ("{% macro m() %}{% endmacro %}", "a macro is not allowed" + STATEMENTS),
    ("{% call m() %}{% endcall %}", "a macro call is not allowed" + STATEMENTS),
    ("{% filter upper %}{% endfilter %}", "a block with a filter is not allowed; write the filter after each value"),
    ("{% autoescape true %}{% endautoescape %}", "`autoescape` is not allowed"),
    ("{% block b %}{% endblock %}", "a block is not allowed" + STATEMENTS),
    ("{% include 'x' %}", "an include is not allowed" + STATEMENTS),
    ("{{ (5)(3) }}", "a call is not allowed; use a filter, as in `question|upper`"),
    ("{{ question.upper() }}", "a call is not allowed"),
    (
        "{{ passages[0].text }}",
        "an index in brackets or after a dot is not allowed; use an attribute such as `p.text`, or the filter `first`",
    ),
    ("{{ passages.0.text }}", "an index in brackets or after a dot is not allowed"),
    ("{{ question[1:2] }}", "an index in brackets or after a dot is not allowed"),
    ("{{ 1, 2 }}", "a list of values is not allowed; write each value in its own `{{ … }}`"),
    ("{{ {'a': 1} }}", "a dictionary is not allowed" + STATEMENTS),
    ("{% for p in 5 %}{% endfor %}", "a loop must iterate over `passages`, as in `{% for p in passages %}`"),
    ("{% for a, b in passages %}{% endfor %}", "a loop must have exactly one variable"),
    ("{% for loop in passages %}{% endfor %}", "a loop must have exactly one variable, not named `loop`"),
    ("{% for p in passages recursive %}{% endfor %}", "a loop must not be `recursive`"),
    ("{% for p in passages if loop.first %}{% endfor %}", "`loop` is not defined here"),
    ("{{ " + "(" * 500 + "1" + ")" * 500 + " }}", "the template is too long or too deeply nested"),
    ("{{ question" + " + question" * 700 + " }}", "the template is too long or too deeply nested"),
    ("{{ question" + "|upper" * 200 + " }}", "the template is too long or too deeply nested"),
    ("{% if question %}" * 100 + "{% endif %}" * 100, "the template is too long or too deeply nested"),
]
SYNTAX = [
    ("{{ question", "the template ends too early; `}}` is missing"),
    ("{{ question }", "`}` is not expected here"),
    ("{{ (question }}", "expected `)`, but found `}`"),
    ("{{ question a }}", "expected `}}`, but found `a`"),
    ("{{ question 'a' }}", "expected `}}`, but found a string"),
    ("{{ question 5 }}", "expected `}}`, but found a number"),
    ("{{ }}", "expected an expression, but found `}}`"),
    ("{% if %}{% endif %}", "expected an expression, but found `%}`"),
    ("{% if question = 1 %}{% endif %}", "expected `%}`, but found `=`"),
    ("{% if question %}", "`{% if %}` does not end; close it with `{% endif %}`"),
    ("{% for p in passages %}{% endif %}", "`{% endif %}` is not expected here, inside `{% for %}`"),
    ("{% endif %}", "`{% endif %}` is not expected here; there is no open tag that it belongs to"),
    ("{% do question %}", "there is no tag `{% do %}`; use only `{% for %}` and `{% if %}`"),
    ("{% %}", "a tag needs a name, as in `{% if passages %}`"),
    ("{% for 1 in passages %}{% endfor %}", "expected a name, such as the `p` in `{% for p in passages %}`"),
    ("{{ question| }}", "expected a name, but found `}}`"),
    ("{{ question. }}", "expected the name of an attribute after the dot"),
    ("{{ question ? 1 : 2 }}", "`?` is not expected here"),
    ("{{ 'abc }}", "a string does not end; close it with the quotation mark that it begins with"),
    ('{{ "abc }}', "a string does not end"),
    ("{{ question|truncate(length=9, true) }}", "the arguments are in the wrong order; write those with a name last"),
    ("{{ question is string is lower }}", "a test must not follow another test; join them with `and`"),
    (r"{{ '\x' }}", r"a string has a `\` that does not begin a valid escape; write `\\` for a backslash"),
    (r"{{ '\N{nothing}' }}", r"a string has a `\` that does not begin a valid escape"),
    ("{# a", "a comment does not end; close it with `#}`"),
    ("{% raw %} a", "`{% raw %}` does not end; close it with `{% endraw %}`"),
    ("{{ ² }}", "this cannot be read" + STATEMENTS),
]
WRONG = SHOWN + VALUES + STRUCTURE + SYNTAX


def post(http: httpx.Client, template: str, threshold: float) -> tuple[int, str | None, str]:
    retrieval = {"vector_store_ids": ["vs_a"], "score_threshold": threshold, "prompt_template": template}
    body = {"model": "tiny", "messages": [{"role": "user", "content": "How many arms?"}], "retrieval": retrieval}
    response = http.post("/v1/chat/completions", json=body)
    error = response.json().get("error", {})
    return response.status_code, error.get("param"), error.get("message", "")


@pytest.mark.parametrize(("wrong", "problem"), WRONG, ids=[source[:60] for source, _ in WRONG])
def test_a_wrong_template_is_refused_in_words_that_its_author_knows(
    http: httpx.Client, retrieval: FakeRetrieval, wrong: str, problem: str
) -> None:
    retrieval.add_store([make_hit("Two.", 0.9)])
    for threshold in (0.0, 1.0):
        status, param, message = post(http, f"{RIGHT}\n{wrong}", threshold)
        assert (status, param) == (400, "retrieval.prompt_template")
        assert message.startswith("The prompt template has an error in line 3: ")
        assert problem in message
        assert message.endswith(".")
        assert not MARKERS.search(re.sub("`[^`]*`", "", message))


@pytest.mark.parametrize(("wrong", "problem"), SHOWN, ids=[source for source, _ in SHOWN])
def test_a_passage_must_not_be_shown_whole_even_where_no_sample_reaches_it(wrong: str, problem: str) -> None:
    with pytest.raises(InvalidRequest, match=r"in line 2: ") as raised:
        Template(f"{RIGHT}{{% if question|length == 5 %}}{wrong}{{% endif %}}")
    assert problem in raised.value.message


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ("{{ question|truncate(question|length - 10) }}", "the filter `truncate` cannot be used with these values"),
        (each("{{ p.page + 1 }}"), "`+` needs two numbers or two strings; here it has `none` and a number"),
        (each("{{ p.page > 1 }}"), "`>` needs two numbers or two strings; here it has `none` and a number"),
        (each("{{ 7 is divisibleby(p.page) }}"), "the argument `number` of the test `divisibleby` must be a number; here it is `none`"),
    ],
)
def test_what_depends_on_a_search_fails_with_the_same_words(wrong: str, problem: str) -> None:
    template = Template(f"{RIGHT}{{% if question|length == 5 %}}\n{wrong}{{% endif %}}")
    with pytest.raises(InvalidRequest, match=r"in line 3: ") as raised:
        template.render([WITHOUT_PAGES], "12345")
    assert problem in raised.value.message


def test_each_statement_and_operator_of_jinja_is_allowed_or_has_an_error_of_its_own() -> None:
    part_of_others = {"Pair", "Slice", "NSRef", "ScopedEvalContextModifier"}
    without_syntax = {
        "Break", "Continue", "ContextReference", "DerivedContextReference", "EnvironmentAttribute", "EvalContextModifier", "ExprStmt",
        "ExtensionAttribute", "ImportedName", "InternalName", "MarkSafe", "MarkSafeIfAutoescape", "OverlayScope",
    }  # fmt: skip
    kinds = {
        name: kind for name, kind in vars(nodes).items() if inspect.isclass(kind) and issubclass(kind, nodes.Node) and not kind.abstract
    }
    unknown = {name for name, kind in kinds.items() if kind not in ALLOWED and kind not in FORBIDDEN}
    assert unknown == part_of_others | without_syntax
