"""A file with tools is refused before there is a job, if the base model's chat template does not show them."""

import json
from pathlib import Path
from typing import Any

import pytest

from deploy.errors.wording import faults
from services.generation.jobs.training_limits import TrainingLimits, check_tools
from shared.datasets.checks.file_check import FileCheck, require_valid
from shared.errors import InvalidRequest
from shared.settings import TrainableBase

PLAIN = {"prompt": "Which part?", "completion": "K-17"}
MESSAGES = [{"role": "user", "content": "Which part?"}, {"role": "assistant", "content": "K-17"}]
WITH_TOOLS = {"messages": MESSAGES, "tools": [{"type": "function", "function": {"name": "find"}}]}
WITHOUT = {"messages": MESSAGES}
SHOWS = "{{ tools }}{{ messages[0].tool_calls }}"


def check(*rows: dict[str, Any]) -> FileCheck:
    return require_valid([json.dumps(row).encode() for row in rows], param="training_file", minimum=1)


def limits(folder: Path, template: str | None, engines: Path | None = None, **config: str) -> TrainingLimits:
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "tokenizer_config.json").write_text(json.dumps({"chat_template": template}))
    return TrainingLimits(16, 1000, {"tiny": TrainableBase(str(folder), engines)})


def test_tools_are_refused_with_their_first_line_if_the_template_does_not_show_them(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest) as caught:
        check_tools(check(WITHOUT, WITH_TOOLS, WITH_TOOLS), "training_file", "tiny", limits(tmp_path, "{{ messages }}"))
    assert (caught.value.param, caught.value.code) == ("training_file", "invalid_training_file")
    assert caught.value.message == (
        "2 examples have 'tools', such as line 2, but the chat template that 'tiny' is trained with does not show tools, so the model "
        "would not learn to call them. "
        "Delete 'tools' and the messages with calls and results, or train another base model."
    )
    assert faults(caught.value.message) == []


def call_twice(**fields: int) -> dict[str, Any]:
    calls = [{"id": f"call_{number}", "type": "function", "function": {"name": "find", "arguments": "{}"}} for number in range(2)]
    results = [{"role": "tool", "tool_call_id": call["id"], "content": "K-17"} for call in calls]
    return {**WITH_TOOLS, "messages": [MESSAGES[0], {"role": "assistant", "tool_calls": calls, **fields}, *results, MESSAGES[1]]}


def test_several_calls_in_a_message_are_not_learned_in_the_harmony_format_whose_engine_stops_after_each(tmp_path: Path) -> None:
    served = limits(tmp_path, "{{ messages }}", model_type="gpt_oss")
    check_tools(check(WITH_TOOLS, call_twice(weight=0)), "training_file", "tiny", served)
    with pytest.raises(InvalidRequest) as caught:
        check_tools(check(WITH_TOOLS, call_twice(), WITH_TOOLS), "training_file", "tiny", served)
    assert (caught.value.param, caught.value.code) == ("training_file", "invalid_training_file")
    assert caught.value.message == (
        "Line 2 has several calls in a message, but the engine stops 'tiny' after each call, so the model would never write the "
        "second one. Put each call into its own message, followed by its result, or give the message the weight 0."
    )
    assert faults(caught.value.message) == []
    check_tools(check(call_twice()), "training_file", "tiny", limits(tmp_path, SHOWS))


def test_a_file_without_tools_is_trained_with_any_template(tmp_path: Path) -> None:
    check_tools(check(WITHOUT), "training_file", "tiny", limits(tmp_path, "{{ messages }}"))
    check_tools(check(PLAIN), "training_file", "tiny", limits(tmp_path, "{{ messages }}"))


def test_tools_are_accepted_if_the_models_or_the_engines_template_shows_them(tmp_path: Path) -> None:
    (tmp_path / "own.jinja").write_text(SHOWS)
    check_tools(check(WITH_TOOLS), "training_file", "tiny", limits(tmp_path, SHOWS))
    check_tools(check(WITH_TOOLS), "training_file", "tiny", limits(tmp_path, "{{ messages }}", tmp_path / "own.jinja"))


def test_what_the_front_door_cannot_know_is_left_for_the_worker(tmp_path: Path) -> None:
    check_tools(check(WITH_TOOLS), "training_file", "tiny", TrainingLimits(16, 1000, {"tiny": TrainableBase(str(tmp_path / "nowhere"))}))
    check_tools(check(WITH_TOOLS), "training_file", "tiny", limits(tmp_path, None))
    check_tools(check(WITH_TOOLS), "training_file", "tiny", limits(tmp_path, "x", tmp_path / "missing.jinja"))
