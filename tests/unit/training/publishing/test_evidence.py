"""Which examples the training process measures, and which of them is published."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

from services.training.planning.job_folder import SCORES, JobFolder
from services.training.publishing.evidence import choose_evidence_examples, measure_change, select_evidence
from tests.unit.training.cases import CHATML, chat, dataset_of, lines_of, make_encoder, make_facts
from tests.unit.training.data.tool_templates import QWEN


def prepare(path: Path, content: str, template: str = CHATML, max_length: int = 500) -> JobFolder:
    folder = JobFolder(path)
    folder.dataset("training").write_text(content)
    choose_evidence_examples(folder, make_encoder(template), 4, max_length)
    return folder


def test_examples_are_spread_over_the_file_and_have_tokens_and_positions_of_labels(tmp_path: Path) -> None:
    folder = prepare(tmp_path, dataset_of(make_facts(12)))
    examples = json.loads(folder.evidence_examples.read_text())
    assert [example["messages"][1]["content"] for example in examples] == ["No. 1", "No. 4", "No. 7", "No. 10"]
    for example in examples:
        assert 0 < min(example["learned"]) <= max(example["learned"]) < len(example["input_ids"])


def test_an_example_that_is_too_long_is_not_chosen(tmp_path: Path) -> None:
    folder = prepare(tmp_path, lines_of([chat("short", "yes"), chat("long" * 100, "no")]), max_length=80)
    assert len(json.loads(folder.evidence_examples.read_text())) == 1


def test_with_a_template_that_writes_the_date_the_messages_are_left_out(tmp_path: Path) -> None:
    folder = prepare(tmp_path, dataset_of(make_facts(4)), "{{ strftime_now('%Y') }}" + CHATML)
    assert {example["messages"] for example in json.loads(folder.evidence_examples.read_text())} == {None}


def test_of_a_chat_with_several_sequences_the_last_is_chosen(tmp_path: Path) -> None:
    starred = CHATML.replace("message['content']", "('* ' if loop.last and message['role'] == 'assistant' else '') + message['content']")
    folder = prepare(tmp_path, lines_of([chat("Who?", "Ada.", "When?", "1843")] * 4), starred)
    examples = json.loads(folder.evidence_examples.read_text())
    assert [[message["content"] for message in example["messages"]] for example in examples] == [["Who?", "Ada.", "When?", "1843"]] * 4


def test_an_example_with_tools_keeps_them_for_the_engine(tmp_path: Path) -> None:
    call = {"id": "call_1", "type": "function", "function": {"name": "find", "arguments": "{}"}}
    messages = [{"role": "user", "content": "Where?"}, {"role": "assistant", "content": "", "tool_calls": [call]}]
    tools = [{"type": "function", "function": {"name": "find"}}]
    folder = prepare(tmp_path, json.dumps({"messages": messages, "tools": tools}) + "\n", QWEN.source)
    [example] = json.loads(folder.evidence_examples.read_text())
    assert (example["messages"], example["tools"]) == (messages, tools)


def test_messages_that_the_engine_would_give_other_tokens_are_left_out(tmp_path: Path) -> None:
    introduced = "{{ 'Answer.' if add_generation_prompt }}" + CHATML
    folder = prepare(tmp_path, lines_of([chat("Who?", "Ada.")] * 4), introduced)
    assert [example["messages"] for example in json.loads(folder.evidence_examples.read_text())] == [None] * 4


def test_the_example_with_the_largest_difference_is_published_and_none_if_none_was_measured(tmp_path: Path) -> None:
    folder = prepare(tmp_path, dataset_of(make_facts(12)))
    folder.adapter.mkdir()
    assert select_evidence(folder, folder.adapter) is None
    scores: list[dict[str, Any]] = [
        {"base": -2.0, "adapter": -1.9},
        {"compared": [9, 11], "base": -2.0, "adapter": -0.2, "difference": 1.8, "noise": 0.001, "tokens": 4},
        {"base": -1.0, "adapter": -0.2},
        {"base": -3.0, "adapter": -2.9},
    ]
    (folder.adapter / SCORES).write_text(json.dumps(scores))
    evidence = select_evidence(folder, folder.adapter)
    assert evidence is not None
    assert (evidence["base"], evidence["adapter"], evidence["learned"]) == (-2.0, -0.2, [9, 11])
    assert evidence["messages"][1]["content"] == "No. 4"


def test_what_an_older_version_measured_is_compared_for_all_learned_tokens(tmp_path: Path) -> None:
    folder = prepare(tmp_path, dataset_of(make_facts(12)))
    folder.adapter.mkdir()
    examples = json.loads(folder.evidence_examples.read_text())
    (folder.adapter / SCORES).write_text(json.dumps([{"base": -2.0, "adapter": -1.9}] * len(examples)))
    evidence = select_evidence(folder, folder.adapter)
    assert evidence is not None and evidence["learned"] == examples[0]["learned"]


def test_the_change_is_the_mean_over_the_tokens_of_all_examples(tmp_path: Path) -> None:
    scores = [
        {"base": -2.0, "adapter": -1.9, "difference": 0.1, "noise": 0.001, "tokens": 1},
        {"base": -2.0, "adapter": -1.5, "difference": 0.5, "noise": 0.005, "tokens": 3},
    ]
    (tmp_path / SCORES).write_text(json.dumps(scores))
    assert measure_change(tmp_path) == pytest.approx({"difference": 0.4, "noise": 0.004})


@pytest.mark.parametrize("scores", [None, [], [{"base": -2.0, "adapter": -1.9}], [{"difference": math.nan, "noise": 0.0, "tokens": 1}]])
def test_without_a_measured_change_there_is_none(tmp_path: Path, scores: list[dict[str, float]] | None) -> None:
    if scores is not None:
        (tmp_path / SCORES).write_text(json.dumps(scores))
    assert measure_change(tmp_path) is None
