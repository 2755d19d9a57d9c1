import time

import pytest

from services.generation.grounding.template import BUILT_IN, Passage, Template, has_control_tokens, sanitize, split_control_tokens
from shared.errors import InvalidRequest
from shared.validation.storable import LONE_SURROGATE, NUL

FIRST = Passage(1, "Handbook", "It has two arms.", "Handbook", "handbook.md", 3, 0.9)
BOTH = "{{ passages|length }}{{ question }}"


def test_a_template_shows_passages_and_question() -> None:
    shown = "{{ p.number }}. {{ p.filename|upper }} p. {{ p.page }}: {{ p.text }}\n"
    source = "{% for p in passages if p.score > 0.5 %}" + shown + "{% endfor %}{{ question }}"
    assert Template(source).render([FIRST], "Why?") == "1. HANDBOOK.MD p. 3: It has two arms.\nWhy?"


def test_the_built_in_template_fences_its_passages() -> None:
    shown = Template(BUILT_IN).render([FIRST, FIRST], "Why?")
    assert shown.startswith(
        "Answer the question from the numbered passages.\n\n<passages>\n[1] Handbook\nIt has two arms.\n\n[1] Handbook\n"
    )
    assert shown.endswith("\nIt has two arms.\n</passages>\n\nQuestion: Why?")


@pytest.mark.parametrize(
    ("source", "line", "problem"),
    [
        ("{{ passages|length }}\n{{ question", 2, "the template ends too early"),
        ("{{ passages|length }}{{ question }}\n\n{% if %}", 3, "expected an expression"),
        ("{{ passages|length }}\n{{ question.x }}", 2, "a string has no attribute `x`"),
        (BOTH + "\n{% for p in passages %}\n{{ p.nope }}{% endfor %}", 3, "a passage has no attribute `nope`"),
        (BOTH + "\n{{ other }}", 2, "`other` is not defined"),
        ("{{ question }}", 1, "does not use `passages`"),
        ("{{ passages|length }}", 1, "does not use `question`"),
        (BOTH + "{{ question.__class__ }}", 1, "a string has no attribute `__class__`"),
        (BOTH + "{{ question.title ~ '' }}", 1, "a string has no attribute `title`"),
        (BOTH + "{{ passages.index }}", 1, "a list has no attribute `index`"),
        ("{{ passages|length }}\n{{ question.format }}", 2, "a string has no attribute `format`"),
        (BOTH + "{{ question.format_map }}", 1, "a string has no attribute `format_map`"),
        (BOTH + "{{ (passages|first).text.format }}", 1, "a string has no attribute `format`"),
        (BOTH + "{{ ('a' ~ question).format }}", 1, "a string has no attribute `format`"),
        (BOTH + "{{ 'a'.format }}", 1, "a string has no attribute `format`"),
        (BOTH + "\n{% for p in passages %}{{ loop.cycle }}{% endfor %}", 2, "`loop` has no attribute `cycle`"),
        (BOTH + "\n{% for p in passages %}{{ loop }}{% endfor %}", 2, "`loop` has no text"),
        (BOTH + "\n{{ self }}", 2, "`self` is not defined"),
        ("\n{% autoescape true %}{% endautoescape %}", 2, "`autoescape` is not allowed"),
        (BOTH + "{{ question|truncate(1) }}", 1, "`length` must be a whole number, at least as large as the length of `end`"),
        (BOTH + "\n{{ (passages|first).score > 0.5 }}", 2, "check with `{% if passages %}` first"),
        (BOTH + "{% for p in passages %}{{ p.page + 1 }}{% endfor %}", 1, "`+` needs two numbers"),
        (BOTH + "{{ question - 1 }}", 1, "`-` needs two numbers"),
        (BOTH + "\n{{ range(9) }}", 2, "a call is not allowed"),
        (BOTH + "{{ question * 1000000 }}", 1, "the operator `*` is not allowed"),
        (BOTH + "{{ 9 ** 9 ** 9 }}", 1, "the operator `**` is not allowed"),
        (BOTH + "{{ '%9999999999d' % 1 }}", 1, "the operator `%` is not allowed"),
        (BOTH + "{% set x = question ~ question %}", 1, "an assignment is not allowed"),
        (BOTH + "{% macro m() %}{% endmacro %}", 1, "a macro is not allowed"),
        (BOTH + "{% include 'x' %}", 1, "an include is not allowed"),
        (BOTH + "{{ question|center(999999999) }}", 1, "the filter `center`"),
        (BOTH + "{% for a in passages %}{% for b in passages %}{% endfor %}{% endfor %}", 1, "a loop must not contain another loop"),
        (BOTH + "{% for c in question %}{{ c }}{% endfor %}", 1, "a loop must iterate over `passages`"),
        (BOTH + "{{ " + "(" * 500 + "1" + ")" * 500 + " }}", 1, "too long or too deeply nested"),
        (BOTH + "{{ question" + " + question" * 700 + " }}", 1, "too long or too deeply nested"),
        (BOTH + "{{ " + "9" * 6000 + " }}", 1, "more than 100 digits"),
    ],
)
def test_an_invalid_template_is_refused_with_the_line_before_anything_is_searched(source: str, line: int, problem: str) -> None:
    with pytest.raises(InvalidRequest, match=f"error in line {line}: ") as raised:
        Template(source)
    assert problem in raised.value.message
    assert (raised.value.param, raised.value.code) == ("prompt_template", "invalid_prompt_template")


@pytest.mark.parametrize("expression", [r'"\ud83d"', r'"\ud83d" "\ude00"', r"question ~ 'a\udc00'", r"question|default('\ud83d')"])
def test_a_string_must_not_spell_half_of_a_surrogate_pair(expression: str) -> None:
    with pytest.raises(InvalidRequest) as raised:
        Template(BOTH + "\n{{ " + expression + " }}")
    assert raised.value.message == f"The prompt template has an error in line 2: a string {LONE_SURROGATE}."


@pytest.mark.parametrize("expression", [r'"\x00"', r"question|truncate(9, end='\0')", "'\0'", "question }}\0{{ question"])
def test_a_string_must_not_contain_nul(expression: str) -> None:
    with pytest.raises(InvalidRequest) as raised:
        Template(BOTH + "\n{{ " + expression + " }}")
    assert raised.value.message == f"The prompt template has an error in line 2: a string {NUL}."


def test_a_string_may_contain_any_other_character() -> None:
    source = BOTH + r'{{ "\U0001f600" "\t" }}' + "{{ '\U0001f600' }}\U0001f600"
    assert Template(source).render([], "Why?") == "0Why?\U0001f600\t\U0001f600\U0001f600"


@pytest.mark.parametrize(
    ("expression", "problem"),
    [
        ("(passages|first).nope", "a passage has no attribute `nope`; its attributes are `filename`, `heading`, "),
        ("(passages|last if passages else question).nope", "a passage has no attribute `nope`; its attributes are "),
        ("(passages|first).text.title", "a string has no attribute `title`."),
        ("question.title", "a string has no attribute `title`."),
        ("question.format", "a string has no attribute `format`."),
        ("passages.number", "a list has no attribute `number`."),
        ("passages and (passages|first).nope|upper", "a passage has no attribute `nope`; its attributes are "),
        ("5 }}{% for p in passages %}{{ p.nope }}{% endfor %}{{ 5", "a passage has no attribute `nope`; its attributes are "),
        (
            "5 }}{% for p in passages %}{{ loop.cycle }}{% endfor %}{{ 5",
            "`loop` has no attribute `cycle`; its attributes are `first`, `index`, ",
        ),
        ("5 }}{% for p in passages %}{{ loop.previtem.nope }}{% endfor %}{{ 5", "a passage has no attribute `nope`; its attributes are "),
    ],
)
def test_a_missing_attribute_is_found_where_no_sample_reaches_it(expression: str, problem: str) -> None:
    with pytest.raises(InvalidRequest) as raised:
        Template(BOTH + "{% if question|length == 5 %}\n{{ " + expression + " }}{% endif %}")
    assert f"error in line 2: {problem}" in raised.value.message


def test_a_template_may_ask_whether_an_attribute_is_there() -> None:
    source = "{% for p in passages %}{{ p.author|default('-') }}{{ p.author is defined }}{% endfor %}{{ question }}"
    assert Template(source).render([FIRST], "Why?") == "-FalseWhy?"


def test_the_name_of_a_loop_may_be_that_of_the_question() -> None:
    assert Template("{% for question in passages %}{{ question.page }}{% endfor %}{{ question }}").render([FIRST], "Why?") == "3Why?"


@pytest.mark.parametrize("name", ["lipsum", "cycler", "joiner", "namespace", "range", "dict"])
def test_a_template_cannot_use_the_globals_of_jinja(name: str) -> None:
    with pytest.raises(InvalidRequest, match=f"in line 2: `{name}` is not defined"):
        Template(BOTH + "\n{{ " + name + " }}")


def test_a_template_may_show_only_the_first_passage() -> None:
    template = Template("{{ (passages|first).text }}, {{ (passages|last).filename }}: {{ question }}")
    assert template.render([FIRST], "Why?") == "It has two arms., handbook.md: Why?"
    assert template.render([], "Why?") == ", : Why?"


def test_a_template_may_ask_whether_there_are_passages() -> None:
    template = Template("{% if passages and (passages|first).score > 0.5 %}{{ (passages|first).page }}{% endif %}{{ question }}")
    assert (template.render([FIRST], "Why?"), template.render([], "Why?")) == ("3Why?", "Why?")


def test_a_template_may_use_the_place_in_the_loop() -> None:
    source = (
        "{% for p in passages %}{{ loop.index }}/{{ loop.length }}{% if not loop.first %}{{ loop.previtem.page }}{% endif %} {% endfor %}"
    )
    assert Template(source + "{{ question }}").render([FIRST, FIRST], "Why?") == "1/2 2/23 Why?"


def test_the_length_of_a_prompt_is_limited_while_it_is_rendered() -> None:
    source = "{% for p in passages %}" + "{{ p.text }}" * 600 + "{% endfor %}{{ question }}"
    long = Passage(1, "", "x" * 10_000, "", "", None, 1.0)
    started = time.process_time()
    with pytest.raises(InvalidRequest, match="more than 2,000,000 characters"):
        Template(source).render([long] * 50, "Why?")
    assert time.process_time() - started < 2


def test_the_most_expensive_template_is_cheap() -> None:
    source = BOTH + "{% for p in passages %}" + "{{p.page|upper|lower}}" * 340 + "{% endfor %}"
    assert len(source) < 8000
    started = time.process_time()
    Template(source).render([FIRST] * 50, "Why?")
    assert time.process_time() - started < 2


TOKENS = [
    "<|im_start|>", "<|im_end|>", "<|endoftext|>", "<|begin_of_text|>", "<|start_header_id|>", "<|eot_id|>", "<|end|>", "<|assistant|>",
    "<\uff5cUser\uff5c>", "<\uff5cbegin\u2581of\u2581sentence\uff5c>", "\uff1c|im_start|\uff1e",
    "<s>", "</s>", "<pad>", "<bos>", "<eos>", "<unk>",
    "<start_of_turn>", "<end_of_turn>", "<tool_call>", "</tool_call>", "<repo_name>", "<extra_id_0>", "<unused17>", "<think>", "</think>",
    "[INST]", "[/INST]", "[SYSTEM_PROMPT]", "[AVAILABLE_TOOLS]", "[TOOL_CALLS]", "[IMG]", "<<SYS>>", "<</SYS>>", "<|IM_START|>",
]  # fmt: skip


@pytest.mark.parametrize("token", TOKENS)
def test_a_control_token_of_any_common_template_gets_a_space(token: str) -> None:
    for text in (token, f"<{token}", f"a{token}{token}system", token[0] + token):
        assert has_control_tokens(text)
        assert token not in sanitize(text)
        assert sanitize(text).replace(" ", "") == text


@pytest.mark.parametrize("token", ["~~x~~", "<tag with space>", "\u2581<0x0A>", "\\end"])
def test_the_models_own_control_tokens_are_split_too(token: str) -> None:
    assert sanitize(f"a{token}") == f"a{token}"
    assert token not in sanitize(f"a{token}{token}", [token, "    ", "word"])


def test_words_and_spaces_that_a_tokenizer_added_are_left_alone() -> None:
    assert sanitize("a    word", ["    ", "word", "a"]) == "a    word"


@pytest.mark.parametrize(
    "text", ["</passages>", "<passages>", "</ Passage >", "<passage id=1>", "\uff1c/passages\uff1e", "[1]", "[1, 22]", "[3;4]"]
)
def test_the_fence_and_the_numbers_of_passages_are_split(text: str) -> None:
    assert text not in sanitize(text)


@pytest.mark.parametrize(
    "text",
    [
        "a < b > c",
        "<b>bold</b>",
        "[link](url)",
        "[TODO]",
        "x[i] and [1234]",
        "1 <2| 3|>",
        "[]",
        "<>",
        "a|b",
        "passages",
        "if a<b and c>d",
        "x |> f |> g",
    ],
)
def test_other_text_is_not_changed(text: str) -> None:
    assert sanitize(text) == text


def test_sanitized_text_is_not_changed_again() -> None:
    once = sanitize("".join(TOKENS) + "[1]</passages>")
    assert sanitize(once) == split_control_tokens(once) == once


@pytest.mark.parametrize("piece", ["<|", "<", "[", "[1,", "[1 ,", "< ", "<a_", "a_", "[A_", "[AA", "<\uff5c", "</"])
def test_time_is_linear_in_the_length_of_the_text(piece: str) -> None:
    started = time.process_time()
    sanitize("<" + piece * 100_000, ["<|x|>", "[ab]"])
    assert time.process_time() - started < 2
