"""A job, its estimate and the check of its files are refused for the same reasons, with the same words."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from openai import OpenAI

from deploy.errors.wording import faults
from shared.settings import JobSettings
from tests.fake_retrieval import FakeRetrieval
from tests.unit.generation.routes.test_estimate import PAIRS, SMOLLM
from tests.unit.generation.routes.test_validate_tokens import GOOD

JOBS, ESTIMATE, VALIDATE = (f"/v1/fine_tuning/{name}" for name in ("jobs", "estimate", "validate"))
DPO: dict[str, Any] = {"type": "dpo"}
NUMBER = re.compile(r"^Line \d+: ")
EMPTY = json.dumps({"messages": []}).encode() + b"\n"
CSV = b"prompt,completion\n" + b"Hi,Ho\n" * 12
NEEDS_PAIRS = "but the method 'dpo' needs lines with 'input', 'preferred_output' and 'non_preferred_output'."
THOUGHT = "<think>Hm.</think>"
WITH_TOOLS = b"".join(
    json.dumps({**json.loads(line), "tools": [{"type": "function", "function": {"name": "find"}}]}).encode() + b"\n"
    for line in GOOD.splitlines()
)


@pytest.fixture
def base(data: Path) -> Iterator[Path]:
    """The shared front door's base model, whose chat template shows no tools."""
    folder = Path(JobSettings(data=data).base_path)
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps(SMOLLM))
    (folder / "tokenizer_config.json").write_text(json.dumps({"chat_template": "{{ messages }}"}))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def refuse(http: httpx.Client, path: str, **body: Any) -> tuple[str, str | None, str | None]:
    response = http.post(path, json={"model": "tiny", **body})
    assert response.status_code == 400, response.text
    error = response.json()["error"]
    assert [each for each in error["message"].split("\n") if faults(NUMBER.sub("The line says: ", each))] == []
    return error["message"], error["param"], error["code"]


@pytest.mark.usefixtures("base")
@pytest.mark.parametrize(
    ("content", "method", "message"),
    [
        (GOOD, DPO, f"Line 1: the file has chats, {NEEDS_PAIRS}"),
        (CSV, DPO, f"Line 2: the file has rows of CSV, {NEEDS_PAIRS}"),
        (b'{"prompt": "Hi", "completion": "Ho"}\n' * 12, DPO, f"Line 1: the file has 'prompt' and 'completion', {NEEDS_PAIRS}"),
        (PAIRS, {}, "Line 1: the file has preference pairs, which only the method 'dpo' takes; use that method, or write chats"),
        (
            GOOD + EMPTY * 12,
            {},
            "Line 13: 'messages' must not be empty; it needs a message from the user and one from the assistant.\nLine 14: ",
        ),
        (GOOD[:150], {}, "Line 2: the line is not valid JSON"),
        (GOOD.partition(b"\n")[0], {}, "The file must have at least 10 examples; it has 1 example."),
        (json.dumps(json.loads(GOOD.partition(b"\n")[0]), indent=1).encode(), {}, "Line 1: an object spans several lines; write each"),
        (WITH_TOOLS, {}, "12 examples have 'tools', such as line 1, but the chat template that 'tiny' is trained with does not show tools"),
    ],
)
def test_a_file_is_refused_with_the_same_error(
    http: httpx.Client, retrieval: FakeRetrieval, content: bytes, method: dict[str, Any], message: str
) -> None:
    file = {"training_file": retrieval.add_file(content), "method": method}
    refused = refuse(http, JOBS, **file)
    assert refused[0].startswith(message)
    assert refuse(http, ESTIMATE, **file) == refused
    report = http.post(VALIDATE, json={"model": "tiny", **file}).json()
    first = report["training_file"]["problems"][0]
    assert not report["valid"]
    assert first["message"][1:60] in refused[0]
    assert "Line 1" not in first["message"]


def test_several_calls_in_a_message_are_refused_with_the_same_error_if_the_engine_stops_after_each(
    http: httpx.Client, retrieval: FakeRetrieval, base: Path
) -> None:
    (base / "config.json").write_text(json.dumps({**SMOLLM, "model_type": "gpt_oss"}))
    calls = [{"id": f"call_{number}", "type": "function", "function": {"name": "find", "arguments": "{}"}} for number in range(2)]
    twice = json.loads(WITH_TOOLS.partition(b"\n")[0])
    twice["messages"][-1] = {"role": "assistant", "tool_calls": calls}
    file = {"training_file": retrieval.add_file(WITH_TOOLS + json.dumps(twice).encode())}
    refused = refuse(http, JOBS, **file)
    assert refused[0].startswith("Line 13 has several calls in a message, but the engine stops 'tiny' after each call")
    assert refuse(http, ESTIMATE, **file) == refused
    assert [each["message"] for each in http.post(VALIDATE, json={"model": "tiny", **file}).json()["training_file"]["problems"]] == [
        refused[0]
    ]
    assert http.post(JOBS, json={"model": "tiny", "training_file": retrieval.add_file(WITH_TOOLS)}).status_code == 200


def test_what_only_gpt_oss_cannot_learn_is_refused_with_the_same_error_and_all_of_it_is_reported(
    http: httpx.Client, retrieval: FakeRetrieval, base: Path
) -> None:
    wrong = [
        [{"role": "user", "content": text}, {"role": "assistant", "content": answer}]
        for text, answer in (("<|end|>", "Ho"), ("Hi", THOUGHT))
    ]
    file = {"training_file": retrieval.add_file(GOOD + b"".join(json.dumps({"messages": each}).encode() + b"\n" for each in wrong))}
    assert http.post(VALIDATE, json={"model": "tiny", **file}).json()["valid"]
    (base / "config.json").write_text(json.dumps({**SMOLLM, "model_type": "gpt_oss"}))
    refused = refuse(http, JOBS, **file)
    assert refused == (
        "Line 13: the text '<|end|>' is a control token of gpt-oss; delete it, or write it differently.",
        "training_file",
        "invalid_training_file",
    )
    assert refuse(http, ESTIMATE, **file) == refused
    report = http.post(VALIDATE, json={"model": "tiny", **file}).json()["training_file"]
    assert (report["valid"], [each["message"] for each in report["problems"]]) == (
        False,
        [refused[0], "Line 14: a message of the assistant has only thinking; write the answer after '</think>'."],
    )


@pytest.mark.usefixtures("base")
@pytest.mark.parametrize("param", ["training_file", "validation_file"])
def test_a_file_with_another_purpose_is_refused_with_the_same_error(http: httpx.Client, retrieval: FakeRetrieval, param: str) -> None:
    files = {"training_file": retrieval.add_file(GOOD), param: retrieval.add_file(GOOD, purpose="evals")}
    refused = refuse(http, JOBS, **files)
    assert refused[1:] == (param, f"invalid_{param}")
    assert refuse(http, ESTIMATE, **files) == refuse(http, VALIDATE, **files) == refused


@pytest.mark.usefixtures("base")
def test_a_wrong_validation_file_is_refused_with_the_same_error(http: httpx.Client, retrieval: FakeRetrieval) -> None:
    files = {"training_file": retrieval.add_file(GOOD), "validation_file": retrieval.add_file(GOOD + EMPTY)}
    refused = refuse(http, JOBS, **files)
    assert refused[1:] == ("validation_file", "invalid_validation_file")
    assert refuse(http, ESTIMATE, **files) == refused


@pytest.mark.usefixtures("base")
def test_early_stopping_needs_a_validation_file_for_an_estimate_too(http: httpx.Client, retrieval: FakeRetrieval) -> None:
    file_id = retrieval.add_file(GOOD)
    body = {"training_file": file_id, "method": {"supervised": {"hyperparameters": {"early_stopping_patience": 2}}}}
    refused = refuse(http, JOBS, **body)
    assert "needs a 'validation_file'" in refused[0]
    assert refuse(http, ESTIMATE, **body) == refused
    assert http.post(ESTIMATE, json={"model": "tiny", **body, "validation_file": file_id}).status_code == 200


@pytest.mark.usefixtures("base")
@pytest.mark.parametrize(
    ("method", "param", "message"),
    [
        ({"reinforcement": {"grader": {}}}, "method.reinforcement", "cannot be used, because reinforcement fine-tuning is not supported"),
        ({"type": "supervised", "reinforcement": {}}, "method.reinforcement", "cannot be used"),
        ({"type": "reinforcement", "reinforcement": {}}, "method.type", "reinforcement fine-tuning is not supported"),
    ],
)
def test_reinforcement_is_refused_with_the_same_error(
    http: httpx.Client, retrieval: FakeRetrieval, method: dict[str, Any], param: str, message: str
) -> None:
    body = {"training_file": retrieval.add_file(GOOD), "method": method}
    refused = refuse(http, JOBS, **body)
    assert (refused[1], message in refused[0]) == (param, True)
    assert refuse(http, ESTIMATE, **body) == refuse(http, VALIDATE, **body) == refused


@pytest.mark.usefixtures("base")
def test_a_method_is_accepted_as_the_package_writes_it(http: httpx.Client, sdk: OpenAI, retrieval: FakeRetrieval) -> None:
    file_id = retrieval.add_file(GOOD)
    method: Any = sdk.fine_tuning.jobs.create(model="tiny", training_file=file_id).method
    written: Any = {**method.model_dump(), "reinforcement": None}
    assert sdk.fine_tuning.jobs.create(model="tiny", training_file=file_id, method=written).status == "queued"
    assert http.post(VALIDATE, json={"training_file": file_id, "method": written}).status_code == 200
    assert http.post(ESTIMATE, json={"model": "tiny", "training_file": file_id, "method": written}).status_code == 200


@pytest.mark.parametrize("path", [JOBS, ESTIMATE, VALIDATE])
@pytest.mark.parametrize("param", ["training_file", "validation_file"])
def test_an_empty_id_is_told_as_such(http: httpx.Client, retrieval: FakeRetrieval, path: str, param: str) -> None:
    body = {"training_file": retrieval.add_file(GOOD), param: ""}
    assert refuse(http, path, **body) == (f"'{param}' must not be empty.", param, "string_below_min_length")
