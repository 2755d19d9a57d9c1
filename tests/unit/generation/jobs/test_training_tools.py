"""A file that the base model's chat template cannot show is refused before there is a job: tools, and what gpt-oss cannot learn."""

import json
from pathlib import Path
from typing import Any

import pytest

from deploy.errors.wording import faults
from services.generation.jobs.training_limits import TrainingLimits, check_template
from services.training.data.preferences import validate_preferences
from services.training.data.validate import validate_dataset
from shared.datasets.checks.file_check import FileCheck, require_valid
from shared.errors import InvalidDataset, InvalidRequest
from shared.settings import TrainableBase
from tests.unit.training.data.chat_templates import GPT_OSS

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
        check_template(check(WITHOUT, WITH_TOOLS, WITH_TOOLS), "training_file", "tiny", limits(tmp_path, "{{ messages }}"))
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
    check_template(check(WITH_TOOLS, call_twice(weight=0)), "training_file", "tiny", served)
    with pytest.raises(InvalidRequest) as caught:
        check_template(check(WITH_TOOLS, call_twice(), WITH_TOOLS), "training_file", "tiny", served)
    assert (caught.value.param, caught.value.code) == ("training_file", "invalid_training_file")
    assert caught.value.message == (
        "Line 2 has several calls in a message, but the engine stops 'tiny' after each call, so the model would never write the "
        "second one. Put each call into its own message, followed by its result, or give the message the weight 0."
    )
    assert faults(caught.value.message) == []
    check_template(check(call_twice()), "training_file", "tiny", limits(tmp_path, SHOWS))


def chat(content: str, answer: str = "K-17", **fields: int) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": content}, {"role": "assistant", "content": answer, **fields}]}


def tell(content: str, **fields: Any) -> dict[str, Any]:
    """Return a chat with a call that has an argument, and its result."""
    arguments = json.dumps({"part": content})
    call = {"id": "call_1", "type": "function", "function": {"name": "find", "arguments": arguments}}
    return {**WITH_TOOLS, "messages": [MESSAGES[0], {"role": "assistant", "tool_calls": [call]}, *fields.get("after", [])]}


def pair(preferred: str, rejected: str = "K-18") -> dict[str, Any]:
    outputs = {"preferred_output": preferred, "non_preferred_output": rejected}
    return {"input": {"messages": MESSAGES[:1]}, **{name: [{"role": "assistant", "content": text}] for name, text in outputs.items()}}


def describe(**fields: Any) -> dict[str, Any]:
    return {**WITHOUT, "tools": [{"type": "function", "function": {"name": "find", **fields}}]}


def train(folder: Path, rows: list[bytes], method: str = "supervised") -> None:
    """Encode the examples as the worker does."""
    (folder / "file.jsonl").write_bytes(b"\n".join(rows))
    validate = validate_preferences if method == "dpo" else validate_dataset
    validate(folder / "file.jsonl", folder / "encoded", GPT_OSS.make_encoder(), 1000, param="training_file", minimum=1)


RESULT = {"role": "tool", "tool_call_id": "call_1", "content": "<|channel|>"}
PROPERTIES = {"type": "object", "properties": {"part": {"type": "string", "description": "<|start|>"}}}
TOKEN = "the text '{}' is a control token of gpt-oss; delete it, or write it differently."
ONLY_THINKING = "a message of the assistant has only thinking; write the answer after '</think>'."


@pytest.mark.parametrize(
    ("row", "method", "problem"),
    [
        (chat("What is <|end|>?"), "supervised", TOKEN.format("<|end|>")),
        (chat("Hi", "It is <|reserved_200013|>."), "supervised", TOKEN.format("<|reserved_200013|>")),
        ({"messages": [{"role": "system", "content": "<|start|>"}, *MESSAGES]}, "supervised", TOKEN.format("<|start|>")),
        (tell("<|call|>"), "supervised", TOKEN.format("<|call|>")),
        (tell("K-17", after=[RESULT, MESSAGES[1]]), "supervised", TOKEN.format("<|channel|>")),
        (describe(description="Ends with <|return|>."), "supervised", TOKEN.format("<|return|>")),
        (describe(parameters=PROPERTIES), "supervised", TOKEN.format("<|start|>")),
        (pair("K-17", "<|message|>"), "dpo", TOKEN.format("<|message|>")),
        (chat("Hi", "<think>Hm.</think>\n"), "supervised", ONLY_THINKING),
        (chat("Hi", " <think></think>"), "supervised", ONLY_THINKING),
        (pair("<think>Hm.</think>"), "dpo", ONLY_THINKING),
    ],
)
def test_what_gpt_oss_cannot_learn_is_refused_with_the_words_of_the_worker(
    tmp_path: Path, row: dict[str, Any], method: str, problem: str
) -> None:
    good = pair("K-17") if method == "dpo" else WITHOUT
    rows = [json.dumps(each).encode() for each in (good, row, row)]
    checked = require_valid(rows, param="training_file", minimum=1, method=method)
    with pytest.raises(InvalidRequest) as caught:
        check_template(checked, "training_file", "tiny", limits(tmp_path, "{{ messages }}", model_type="gpt_oss"))
    assert (caught.value.param, caught.value.code) == ("training_file", "invalid_training_file")
    assert caught.value.message == f"Line 2: {problem} The file has 2 such examples."
    assert faults(caught.value.message.replace("Line 2:", "The line says:")) == []
    with pytest.raises(InvalidDataset) as worker:
        train(tmp_path, rows, method)
    assert worker.value.message == f"Line 2: {problem}"
    check_template(checked, "training_file", "tiny", limits(tmp_path, SHOWS))


@pytest.mark.parametrize(
    "row",
    [
        chat("<|im_start|> <| end |> <|reserved_1|>"),
        chat("Hi", "<think>Hm.</think>\n\nK-17"),
        chat("Hi", "What does </think> mean?"),
        {"messages": [*chat("Hi", "<think>Hm.</think>", weight=0)["messages"], MESSAGES[1]]},
        {"messages": [*MESSAGES, {"role": "user", "content": "<|end|>"}, {"role": "assistant", "content": "Yes.", "weight": 0}]},
    ],
)
def test_what_the_worker_accepts_is_not_refused_for_gpt_oss(tmp_path: Path, row: dict[str, Any]) -> None:
    check_template(check(row), "training_file", "tiny", limits(tmp_path, "{{ messages }}", model_type="gpt_oss"))
    train(tmp_path, [json.dumps(row).encode()])


def test_a_file_without_tools_is_trained_with_any_template(tmp_path: Path) -> None:
    check_template(check(WITHOUT), "training_file", "tiny", limits(tmp_path, "{{ messages }}"))
    check_template(check(PLAIN), "training_file", "tiny", limits(tmp_path, "{{ messages }}"))


def test_tools_are_accepted_if_the_models_or_the_engines_template_shows_them(tmp_path: Path) -> None:
    (tmp_path / "own.jinja").write_text(SHOWS)
    check_template(check(WITH_TOOLS), "training_file", "tiny", limits(tmp_path, SHOWS))
    check_template(check(WITH_TOOLS), "training_file", "tiny", limits(tmp_path, "{{ messages }}", tmp_path / "own.jinja"))


def test_what_the_front_door_cannot_know_is_left_for_the_worker(tmp_path: Path) -> None:
    check_template(check(WITH_TOOLS), "training_file", "tiny", TrainingLimits(16, 1000, {"tiny": TrainableBase(str(tmp_path / "nowhere"))}))
    check_template(check(WITH_TOOLS), "training_file", "tiny", limits(tmp_path, None))
    check_template(check(WITH_TOOLS), "training_file", "tiny", limits(tmp_path, "x", tmp_path / "missing.jinja"))
