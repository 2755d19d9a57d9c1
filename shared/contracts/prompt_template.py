"""The built-in template of a prompt with passages. Generation writes prompts with it; evaluation finds copies of it in training files."""

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
