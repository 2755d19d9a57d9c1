"""What the worker cannot train because of the chat template is refused before there is a job, and nothing else is, with the same words.

On one side the worker's encoder, on the other the front door's check. The engine between them renders with the same template and tokenizer.
"""

from collections.abc import Sequence
from typing import Any

import pytest

from services.generation.jobs.feasibility.count_tokens import CountingModel, Template, count_tokens
from services.generation.serving.tokens import TokenCount
from services.training.data.encode import ChatEncoder
from shared.datasets import Example
from shared.datasets.checks.example_sample import ExampleSample
from shared.datasets.examples.example import ExampleMessage
from shared.errors import InvalidRequest, TandemError
from tests.unit.training.data.chat_templates import FAMILIES, GPT_OSS, QWEN_2_5, Family

pytestmark = pytest.mark.anyio

# As DeepSeek's R1: an answer's thinking is begun by the prompt, and left out of a complete chat.
R1 = Family(
    source="""{{- bos_token }}
{%- for message in messages %}
    {%- if message.role == 'user' %}{{- '<|User|>' ~ message.content }}{%- endif %}
    {%- if message.role == 'assistant' %}{{- '<|Assistant|>' ~ message.content.split('</think>')[-1] ~ eos_token }}{%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|Assistant|><think>\n' }}{%- endif %}""",
    bos="<s>",
    eos="</s>",
    marks=("<|User|>", "<|Assistant|>", "<think>", "</think>"),
    prompts=("", ""),
    answers=("", ""),
)
# As QwQ: the prompt begins the thinking, and a complete chat shows an answer as it is.
QWQ = Family(QWEN_2_5.source.replace("assistant\n", "assistant\n<think>\n"), "", "<|im_end|>", ("<|im_start|>",), ("", ""), ("", ""))
FORGETFUL = Family("{{ messages[0].content }}", "", "<|im_end|>", (), ("", ""), ("", ""))
TEMPLATES = {**FAMILIES, "R1": R1, "QwQ": QWQ, "forgetful": FORGETFUL}


class Engine:
    """An engine that renders with a family's template and counts with its tokenizer. `requests` is the number of its answers."""

    def __init__(self, family: Family) -> None:
        self._template = family.make_encoder().template
        self._tokenizer = family.make_tokenizer()
        self.requests = 0

    async def count(self, fields: dict[str, Any]) -> TokenCount:
        """Return the tokens of a chat, as vLLM's `/tokenize` does."""
        self.requests += 1
        messages = [ExampleMessage.model_validate(message) for message in fields["messages"]]
        try:
            text = self._template.render(messages, fields.get("tools", ()), add_generation_prompt=fields["add_generation_prompt"])
        except TandemError as error:
            raise InvalidRequest(error.message) from error
        ids = self._tokenizer.encode(text, add_special_tokens=False).ids
        return TokenCount(len(ids), 1000, ids)

    async def read(self, tokens: Sequence[int]) -> str:
        """Return the text of tokens, as vLLM's `/detokenize` does."""
        self.requests += 1
        return str(self._tokenizer.decode(list(tokens), skip_special_tokens=False))


def chat(*contents: str, system: str = "", weights: Sequence[int] = ()) -> Example:
    turns: list[dict[str, Any]] = [
        {"role": role, "content": content} for role, content in zip(("user", "assistant") * 9, contents, strict=False)
    ]
    for turn, weight in zip(turns[1::2], weights, strict=False):
        turn["weight"] = weight
    return Example.model_validate({"messages": [*([{"role": "system", "content": system}] if system else []), *turns]})


EXAMPLES = {
    "one turn": chat("Who?", "Ada."),
    "two turns": chat("Who?", "Ada.", "When?", "1843 🙂", system="Be short."),
    "a token across the border": chat("Who?", "\nAda."),
    "a thinking block": chat("Who?", "<think>\nA poet's daughter.\n</think>\n\nAda."),
    "spaces": chat("Who?", "\n Ada. \n", system="Be short."),
    "part of a mark": chat("I", "s", system="Be short."),
    "the last answer is not learned": chat("Who?", "Ada.", "When?", "1843", weights=(1, 0)),
    "the roles do not take turns": Example.model_validate(
        {"messages": [{"role": "user", "content": "Who?"}, {"role": "user", "content": "Who"}, {"role": "assistant", "content": "Ada."}]}
    ),
}


async def find_refusals(family: Family, *examples: Example, template: Template = "any") -> list[str]:
    """Return what the front door says to the examples."""
    sample, engine = ExampleSample(), Engine(family)
    for line, example in enumerate(examples, start=1):
        sample.add(example, line)
    model = CountingModel("tiny", engine, 1000, template=template)
    report = await count_tokens(sample, model, lambda _: None)
    assert report.warnings == []
    assert engine.requests <= 5 * len(examples)
    return [f"{each.line}: {each.message}" for each in report.refused]


def find_problem(encoder: ChatEncoder, example: Example) -> str | None:
    """Return what the worker says to the example."""
    try:
        encoder.encode(example.messages, example.tools)
    except TandemError as error:
        return error.message
    return None


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
@pytest.mark.parametrize("family", TEMPLATES.values(), ids=TEMPLATES)
async def test_the_front_door_refuses_what_the_worker_refuses(family: Family, example: Example) -> None:
    problem = find_problem(family.make_encoder(), example)
    refused = await find_refusals(family, example)
    assert bool(refused) == (problem is not None), (refused, problem)
    if problem and "continuation of its prompt" in problem:
        assert refused == [f"1: {problem}"]


async def test_a_template_that_begins_each_answer_differently_is_refused_for_each_line_and_others_for_some() -> None:
    examples = EXAMPLES["one turn"], EXAMPLES["a thinking block"]
    assert [each[:2] for each in await find_refusals(R1, *examples)] == ["1:", "2:"]
    assert [each[:2] for each in await find_refusals(QWQ, *examples)] == ["1:"]


async def test_an_engine_that_serves_another_format_than_it_counts_refuses_nothing() -> None:
    assert await find_refusals(R1, EXAMPLES["one turn"], template="harmony") == []
    assert await find_refusals(GPT_OSS, EXAMPLES["two turns"], template="harmony") == []
