"""Ordinary uses of a template: each works with passages and without."""

import httpx
import pytest

from services.generation.grounding.template import Passage, Template
from tests.fake_engine import FakeEngine
from tests.fake_retrieval import FakeRetrieval, make_hit

PASSAGES = [Passage(1, "Arms", "It has two arms.", "Robot", "a.md", 3, 0.9), Passage(2, "", "It floats.", "", "b.txt", None, 0.4)]


def each(line: str) -> str:
    return f"{{% for p in passages %}}{line}{{% endfor %}}"


# What a template has, what it shows of two passages, and what it shows if nothing was found.
USES = [
    ("{{ passages and 'Use these:' or 'Nothing.' }}", "Use these:", "Nothing."),
    ("{{ (passages and (passages|first).text) or 'Nothing.' }}", "It has two arms.", "Nothing."),
    (each("{{ p and p.text }} "), "It has two arms. It floats. ", ""),
    (each("[{{ p.number }}] {{ p.text }} "), "[1] It has two arms. [2] It floats. ", ""),
    (each("{{ p.filename }} {{ p.score }} "), "a.md 0.9 b.txt 0.4 ", ""),
    (each("{{ loop.index }}/{{ loop.length }},{{ loop.index0 }},{{ loop.revindex }},{{ loop.revindex0 }} "), "1/2,0,2,1 2/2,1,1,0 ", ""),
    (each("{{ loop.index + 1 }}-{{ loop.revindex - 1 }} "), "2-1 3-0 ", ""),
    (each("{{ p.filename }}{% if not loop.last %}, {% endif %}"), "a.md, b.txt", ""),
    (each("{% if not loop.first %}{{ loop.previtem.filename }}{% endif %}"), "a.md", ""),
    (each("{% if loop.previtem %}{{ loop.previtem.number + 1 }}{% endif %}{{ loop.nextitem.filename }}"), "b.txt2", ""),
    (each("{% if loop.nextitem is defined %}{{ loop.nextitem.filename }}{% endif %}"), "b.txt", ""),
    (each("{% if loop.first %}first{% elif loop.last %}last{% else %}other{% endif %} "), "first last ", ""),
    (each("{%- if loop.first -%}  a  {%- endif -%} {{- ' b' -}} "), "a b b", ""),
    (each("{{ p.text|truncate(9) }} "), "It... It floats. ", ""),
    (each("{{ p.text|truncate(6, true, '…', 0) }} "), "It ha… It fl… ", ""),
    (each("{{ p.text|truncate(length=6, killwords=true, end='', leeway=0) }} "), "It has It flo ", ""),
    (each("{{ p.text|truncate(p.text|length) }} "), "It has two arms. It floats. ", ""),
    (each("{{ p.text|upper|truncate(5, true, '', 0)|trim }} "), "IT HA IT FL ", ""),
    (each("{{ p.text|trim('.')|lower }}, "), "it has two arms, it floats, ", ""),
    (each("{{ p.filename|title }} {{ p.filename|capitalize }} "), "A.md A.md B.txt B.txt ", ""),
    (each("{{ p.title or p.filename }} "), "Robot b.txt ", ""),
    (each("{{ p.title|default('-', true) }} {{ p.page|default('?', boolean=true) }} "), "Robot 3 - ? ", ""),
    (each("{{ p.author|default('unknown') }} {{ p.author is defined }} "), "unknown False unknown False ", ""),
    (each("{{ 'page ' ~ p.page if p.page else 'no page' }} "), "page 3 no page ", ""),
    (each("{% if p.page is not none and p.page > 2 %}{{ p.page + 1 }}{% endif %}"), "4", ""),
    (each("{% if 'arms' in p.text and 'x' not in p.text %}{{ p.heading }}{% endif %}"), "Arms", ""),
    (each("{% if 0.3 < p.score <= 0.5 %}{{ p.filename }}{% endif %}"), "b.txt", ""),
    (each("{% if p.number is divisibleby 2 or p.number is odd and p.score is ge(0.5) %}{{ p.number }}{% endif %}"), "12", ""),
    (each("{% if p.heading and p.heading != p.title %}{{ p.heading }}{% endif %}"), "Arms", ""),
    ("{% for p in passages if p.score > 0.5 %}{{ p.filename }}{% else %}nothing{% endfor %}", "a.md", "nothing"),
    ("{% if passages %}{{ passages|length }} found{% else %}nothing{% endif %}", "2 found", "nothing"),
    ("{{ (passages|first).text }}{{ (passages|last).filename|upper }}", "It has two arms.B.TXT", ""),
    ("{% if passages and (passages|first).score > 0.5 %}sure{% endif %}", "sure", ""),
    ("{% for passages in passages %}{{ passages.page }}{% endfor %}", "3None", ""),
    ("{# a comment #}{% raw %}{{ raw }}{% endraw %}{{ '{{' }}", "{{ raw }}{{", "{{ raw }}{{"),
    (r"{{ 'a\tb' }}{{ question|first }}{{ passages|length > 1 }}", "a\tbWTrue", "a\tbWFalse"),
    ("{% print question|trim('?') %}", "Why", "Why"),
]


@pytest.mark.parametrize(("use", "found", "empty"), USES, ids=[use for use, _, _ in USES])
def test_an_ordinary_template_works_with_passages_and_without(use: str, found: str, empty: str) -> None:
    template = Template(use + "{{ '' if passages }}|{{ question }}")
    assert (template.render(PASSAGES, "Why?"), template.render([], "Why?")) == (f"{found}|Why?", f"{empty}|Why?")


def test_an_ordinary_template_is_accepted_by_a_call(http: httpx.Client, engine: FakeEngine, retrieval: FakeRetrieval) -> None:
    retrieval.add_store([make_hit("Two.", 0.9)])
    for use, _, _ in USES:
        for threshold in (0.0, 1.0):
            options = {
                "vector_store_ids": ["vs_a"],
                "score_threshold": threshold,
                "prompt_template": use + "{{ '' if passages }}{{ question }}",
            }
            body = {"model": "tiny", "messages": [{"role": "user", "content": "How many arms?"}], "retrieval": options}
            response = http.post("/v1/chat/completions", json=body)
            assert response.status_code == 200, (use, response.text)
