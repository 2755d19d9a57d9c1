"""Preference pairs as tokens: what is learned of them, and which are skipped."""

import json
from pathlib import Path

import pytest

from services.training.data.encode import IGNORE_INDEX
from services.training.data.preferences import validate_preferences
from services.training.data.sample import sample_examples
from services.training.data.validate import Dataset, describe_problems
from shared.datasets.checks.fit import LONGER
from shared.errors import InvalidDataset
from tests.unit.training.cases import CHATML, END, dataset_of, make_encoder, make_facts, make_pairs, make_tokenizer, pairs_of
from tests.unit.training.data.tool_templates import QWEN

SHORT = ("Why?", "So.", "No.")


def validate(folder: Path, content: str, max_length: int = 500, minimum: int = 1, template: str = CHATML) -> Dataset:
    (folder / "pairs.jsonl").write_text(content)
    return validate_preferences(
        folder / "pairs.jsonl", folder / "tokens.jsonl", make_encoder(template), max_length, param="training_file", minimum=minimum
    )


def read_texts(folder: Path, name: str) -> list[list[str]]:
    """Return the text of both chats of each pair, or with `labels` what is learned of them."""
    tokenizer = make_tokenizer()
    rows = [json.loads(line)[name] for line in (folder / "tokens.jsonl").read_text().splitlines()]
    return [
        [tokenizer.decode([token for token in chat if token != IGNORE_INDEX], skip_special_tokens=False) for chat in row] for row in rows
    ]


def test_only_the_answers_are_learned_each_after_the_same_prompt(tmp_path: Path) -> None:
    messages = [
        {"role": "user", "content": "Grüße"},
        {"role": "assistant", "content": "Hallo!"},
        {"role": "user", "content": "Wie geht's? 🙂"},
    ]
    row = {
        "input": {"messages": messages},
        "preferred_output": [{"role": "assistant", "content": "Gut, danke."}],
        "non_preferred_output": [{"role": "assistant", "content": "Was?"}],
    }
    dataset = validate(tmp_path, json.dumps(row) + "\n")
    [texts], [learned] = read_texts(tmp_path, "input_ids"), read_texts(tmp_path, "labels")
    assert learned == [f"Gut, danke.{END}", f"Was?{END}"]
    prompts = [text.removesuffix(answer + "\n").removesuffix(answer) for text, answer in zip(texts, learned, strict=True)]
    assert prompts[0] == prompts[1]
    assert all(message["content"] in prompts[0] for message in messages)
    [lengths] = [[len(chat) for chat in json.loads(line)["input_ids"]] for line in (tmp_path / "tokens.jsonl").read_text().splitlines()]
    assert (dataset.lengths, dataset.longest, dataset.num_examples) == ([sum(lengths)], 2 * max(lengths), 1)


def pair_with_tools() -> str:
    tools = [{"type": "function", "function": {"name": "weigh", "parameters": {"type": "object"}}}]
    call = {"id": "a", "type": "function", "function": {"name": "weigh", "arguments": "{}"}}
    messages = [
        {"role": "user", "content": "How heavy?"},
        {"role": "assistant", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "a", "content": "4000"},
    ]
    answers = {
        name: [{"role": "assistant", "content": text}] for name, text in (("preferred_output", "4 kg."), ("non_preferred_output", "?"))
    }
    return json.dumps({"input": {"messages": messages, "tools": tools}, **answers}) + "\n"


def test_the_prompt_of_a_pair_shows_tools_calls_and_results_and_only_the_answers_are_learned(tmp_path: Path) -> None:
    validate(tmp_path, pair_with_tools(), template=QWEN.source, max_length=5000)
    [texts], [learned] = read_texts(tmp_path, "input_ids"), read_texts(tmp_path, "labels")
    assert learned == [f"4 kg.{END}", f"?{END}"]
    for text in texts:
        assert (text.count("weigh"), "4000" in text) == (2, True)  # the tool and its call, and the result


def test_a_pair_with_tools_is_refused_if_the_template_does_not_show_them(tmp_path: Path) -> None:
    with pytest.raises(InvalidDataset, match="Line 1: the chat template that the base model is trained with does not show tools"):
        validate(tmp_path, pair_with_tools())


def test_a_pair_is_trained_as_a_whole_or_skipped(tmp_path: Path) -> None:
    question = "Q" * 100
    pairs = [
        SHORT,
        ("Which?", "the same " * 10 + "end", "the same " * 10 + "start"),
        ("Which?", "A" * 120, "B"),
        (question, "yes", "no"),
    ]
    dataset = validate(tmp_path, pairs_of(pairs), max_length=100)
    assert (dataset.skipped_lines, dataset.truncated_lines, dataset.num_examples) == ([2, 4], [3], 2)
    assert [text.rstrip("\n") for text in read_texts(tmp_path, "labels")[0]] == [f"So.{END}", f"No.{END}"]
    problems = list(describe_problems(dataset, 100))
    assert problems[0] == f"1 example is longer than 100 tokens and cut off there (line 3). {LONGER}"
    assert problems[1] == (
        f"2 examples are skipped because an answer begins after 100 tokens, or both answers are the same up to there (lines 2, 4). {LONGER}"
    )


def test_too_few_pairs_within_the_limit_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(InvalidDataset, match=r"Only 1 of the [0-9]+ examples fits into 60 tokens; at least 10 must fit"):
        validate(tmp_path, pairs_of([SHORT, *[("Q" * 100, answer, other) for _, answer, other in make_pairs(10)]]), 60, minimum=10)


def test_chats_are_no_pairs(tmp_path: Path) -> None:
    with pytest.raises(InvalidDataset, match="the file has chats") as raised:
        validate(tmp_path, dataset_of(make_facts(10)))
    assert raised.value.line == 1


def test_a_pair_whose_answers_the_template_renders_alike_is_an_error(tmp_path: Path) -> None:
    template = make_encoder().template
    trimmed = "{% for message in messages %}{{ message['role'] + ': ' + message['content'] | trim + '<|im_end|>' }}{% endfor %}"
    encoder = make_encoder(trimmed + "{% if add_generation_prompt %}{{ 'assistant: ' }}{% endif %}")
    assert encoder.template.sha256 != template.sha256
    (tmp_path / "pairs.jsonl").write_text(pairs_of([SHORT, ("Why?", "So.", "So. ")]))
    with pytest.raises(InvalidDataset, match="renders both answers to the same tokens") as raised:
        validate_preferences(tmp_path / "pairs.jsonl", tmp_path / "tokens", encoder, 100, param="training_file", minimum=1)
    assert raised.value.line == 2


def test_a_sample_of_pairs_has_the_preferred_answers(tmp_path: Path) -> None:
    (tmp_path / "pairs.jsonl").write_text(pairs_of(make_pairs(12)))
    samples = sample_examples(tmp_path / "pairs.jsonl", 3)
    assert [[message.content for message in sample.messages] for sample in samples] == [
        [f"What is the number of thing {number}?", f"No. {number}"] for number in (2, 6, 10)
    ]
