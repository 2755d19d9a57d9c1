"""OpenAI's client creates an eval and a run at the front door, the worker runs it through the same front door, and the client reads it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from openai import OpenAI
from openai.types.evals import RunRetrieveResponse
from openai.types.evals.runs import OutputItemListResponse

from services.evaluation.settings import EvaluationSettings
from services.evaluation.worker import create_worker
from services.generation.app import create_app
from services.generation.settings import GenerationSettings
from shared.settings import JobSettings
from tests.fake_engine import FakeEngine
from tests.fake_retrieval import FakeRetrieval, make_hit
from tests.serving import serving

SCHEMA = {"type": "object", "properties": {"q": {"type": "string"}, "a": {"type": "string"}}, "required": ["q"]}
ROWS = [{"q": "Paris", "a": "Paris"}, {"q": "Rome", "a": "Madrid"}]  # the engine repeats the question
SAME: Any = {"type": "string_check", "name": "same", "operation": "eq", "input": "{{ sample.output_text }}", "reference": "{{ item.a }}"}
YES = '{"steps": [], "result": "yes"}'
JUDGE: Any = {
    "type": "label_model", "name": "judge", "model": "tiny", "labels": ["yes", "no"], "passing_labels": ["yes"],
    "input": [{"role": "user", "content": YES}],
}  # fmt: skip


@dataclass
class Stack:
    """The stock SDK at the front door, and a worker that runs a job."""

    sdk: OpenAI
    work: Callable[[str], None]
    engine: FakeEngine
    retrieval: FakeRetrieval

    def create_eval(self, *criteria: Any, config: Any = None) -> str:
        custom: Any = {"type": "custom", "item_schema": SCHEMA, "include_sample_schema": True}
        return self.sdk.evals.create(data_source_config=config or custom, testing_criteria=criteria or [SAME]).id

    def run(self, eval_id: str, data_source: Any) -> tuple[RunRetrieveResponse, list[OutputItemListResponse]]:
        """Create a run, let the worker run it, and return it with its output items, by number."""
        created = self.sdk.evals.runs.create(eval_id, data_source=data_source)
        assert (created.status, created.result_counts.total) == ("queued", 0)
        self.work(created.id)
        run = self.sdk.evals.runs.retrieve(created.id, eval_id=eval_id)
        items = list(self.sdk.evals.runs.output_items.list(created.id, eval_id=eval_id))
        return run, sorted(items, key=lambda item: item.datasource_item_id)


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    engine, retrieval = FakeEngine(), FakeRetrieval()
    retrieval.add_store([make_hit("Paris is the capital of France.", 0.9)])
    common = JobSettings(data=tmp_path, base_name="tiny", broker_url="memory://")
    with serving(engine.app()) as engine_url, serving(retrieval.app()) as retrieval_url:
        app = create_app(GenerationSettings(common=common, engine_url=engine_url, retrieval_url=retrieval_url))
        with serving(app) as url, OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0) as sdk:
            monkeypatch.setenv("TANDEM_DATA", str(tmp_path))
            monkeypatch.setenv("TANDEM_API_URL", url)
            monkeypatch.setenv("EVALUATION_PATIENCE_SECONDS", "0")
            yield Stack(sdk, lambda job_id: create_worker(EvaluationSettings()).work(job_id), engine, retrieval)


def ask(source: Any, content: str = "{{item.q}}", **changes: Any) -> dict[str, Any]:
    messages = {"type": "template", "template": [{"role": "user", "content": content}]}
    return {"type": "completions", "model": "tiny", "input_messages": messages, "source": source, **changes}


def send(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "file_content", "content": [{"item": row} for row in rows]}


def test_a_run_shows_its_results_as_the_clients_types_say(stack: Stack) -> None:
    run, items = stack.run(stack.create_eval(SAME, JUDGE), ask(send(ROWS), sampling_params={"temperature": 0, "seed": 1}))
    assert (run.status, run.model, bool(run.error)) == ("completed", "tiny", False)
    assert run.result_counts.model_dump() == {"total": 2, "passed": 1, "failed": 1, "errored": 0}
    assert [(usage.run_model_name, usage.invocation_count) for usage in run.per_model_usage] == [("tiny", 4)]
    assert [(row.passed, row.failed) for row in run.per_testing_criteria_results] == [(1, 1), (2, 0)]
    assert [(item.status, item.datasource_item) for item in items] == [("pass", ROWS[0]), ("fail", ROWS[1])]
    graded = {result.name: result for result in items[0].results}
    assert set(graded) == {row.testing_criteria for row in run.per_testing_criteria_results}
    assert [(result.type, result.score, result.passed) for result in items[0].results] == [
        ("string_check", 1.0, True), ("label_model", 1.0, True),
    ]  # fmt: skip
    sample = items[0].sample
    assert (sample.input[0].content, sample.output[0].content, sample.finish_reason) == ("Paris", "Paris", "stop")
    assert (sample.temperature, sample.seed, bool(sample.error)) == (0, 1, False)
    assert sample.usage.total_tokens > 0


def test_a_run_over_a_file_with_a_file_search_shows_what_was_found(stack: Stack) -> None:
    lines = "".join(json.dumps({"item": row}) + "\n" for row in ROWS).encode()
    file_id = stack.retrieval.add_file(lines, "evals")
    sampling = {"tools": [{"type": "file_search", "vector_store_ids": ["vs_a"]}]}
    source = ask({"type": "file_id", "id": file_id}, type="responses", sampling_params=sampling)
    run, items = stack.run(stack.create_eval(), source)
    assert (run.status, run.result_counts.total) == ("completed", 2)
    retrieved = items[0].sample.to_dict()["retrieved"]
    assert isinstance(retrieved, list)
    assert retrieved[0]["text"] == "Paris is the capital of France."


def test_a_wrong_line_of_a_file_is_the_error_of_the_run(stack: Stack) -> None:
    file_id = stack.retrieval.add_file(b'{"item": {"q": "a"}}\n{"item": {"q": 3}}\n', "evals")
    run, items = stack.run(stack.create_eval(), {"type": "jsonl", "source": {"type": "file_id", "id": file_id}})
    assert (run.status, items) == ("failed", [])
    assert (run.error.code, run.error.message) == ("invalid_file_format", "Line 2: 'item.q' must have the type 'string'; got 3.")


def test_what_was_stored_is_graded_and_asked_again(stack: Stack) -> None:
    for number in range(3):
        chat: Any = [{"role": "system", "content": "Be kind."}, {"role": "user", "content": f"Question {number}?"}]
        stack.sdk.chat.completions.create(model="tiny", messages=chat, store=True, metadata={"task": "a" if number else "b"})
    same: Any = {**SAME, "reference": "{{ item.output_text }}"}
    eval_id = stack.create_eval(same, config={"type": "logs", "metadata": {"task": "a"}})
    stored = {"type": "stored_completions"}
    run, items = stack.run(eval_id, {"type": "completions", "source": stored})
    assert (run.status, run.result_counts.passed, run.per_model_usage) == ("completed", 2, [])
    again = {"type": "completions", "source": stored, "model": "tiny"}
    run, items = stack.run(eval_id, {**again, "input_messages": {"type": "item_reference", "item_reference": "item.input"}})
    assert (run.status, run.result_counts.passed) == ("completed", 2)
    sent = [[message.content for message in item.sample.input] for item in items]
    assert sorted(sent) == [["Be kind.", "Question 1?"], ["Be kind.", "Question 2?"]]


def test_summaries_are_judged_by_a_label_and_by_a_score(stack: Stack) -> None:
    score = '{"steps": [], "result": %s}'
    judge: Any = {**JUDGE, "input": [{"role": "user", "content": '{"steps": [], "result": "{{item.a}}"}'}]}
    grade: Any = {
        "type": "score_model", "name": "grade", "model": "tiny", "range": [1, 7], "pass_threshold": 5,
        "input": [{"role": "developer", "content": "Grade {{sample.output_text}}."}, {"role": "user", "content": score % "{{item.q}}"}],
    }  # fmt: skip
    rows = [{"q": "6", "a": "yes"}, {"q": "2", "a": "yes"}, {"q": "6", "a": "no"}, {"q": "nothing", "a": "yes"}]
    run, items = stack.run(stack.create_eval(judge, grade), ask(send(rows)))
    assert run.result_counts.model_dump() == {"total": 4, "passed": 1, "failed": 2, "errored": 1}
    assert [item.status for item in items] == ["pass", "fail", "fail", "error"]
    assert [item.results[1].score for item in items] == [6.0, 2.0, 6.0, None]


def test_prompts_are_tried_on_the_same_file_and_compared(stack: Stack) -> None:
    lines = "".join(json.dumps({"item": {"q": f"City {number}", "a": f"City {number}"}}) + "\n" for number in range(20)).encode()
    source, eval_id = {"type": "file_id", "id": stack.retrieval.add_file(lines, "evals")}, stack.create_eval()
    poor, good = (stack.run(eval_id, ask(source, content))[0] for content in ("Say: {{item.q}}", "{{item.q}}"))
    assert (poor.result_counts.passed, good.result_counts.passed) == (0, 20)
    path = f"/evals/{eval_id}/compare"
    compared: Any = stack.sdk.post(path, body={"run_ids": [poor.id, good.id]}, cast_to=object)
    assert (compared["outcome"], compared["best"], compared["items"]) == ("better", good.id, 20)


def test_a_function_call_is_graded_by_its_arguments(stack: Stack) -> None:
    city: Any = {**SAME, "input": "{{ sample.output_tools[0].function.arguments.city }}"}
    function = {"name": "weather", "arguments": '{"city": "Rome"}'}
    message = {"role": "assistant", "content": None, "tool_calls": [{"id": "call_1", "type": "function", "function": function}]}
    brought = {"item": ROWS[0], "sample": {"choices": [{"index": 0, "message": message, "finish_reason": "tool_calls"}]}}
    eval_id = stack.create_eval(city)
    run, _ = stack.run(eval_id, {"type": "jsonl", "source": {"type": "file_content", "content": [brought]}})
    assert run.result_counts.failed == 1
    stack.engine.supports_tools, stack.engine.tool_calls = True, [[("weather", '{"city": "Paris"}')]]
    tool = {"type": "function", "name": "weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}
    run, _ = stack.run(eval_id, ask(send(ROWS[:1]), type="responses", sampling_params={"tools": [tool]}))
    assert (run.status, run.result_counts.passed) == ("completed", 1)


def test_a_structured_output_is_graded_by_a_field(stack: Stack) -> None:
    kind: Any = {**SAME, "input": "{{ sample.output_json.kind }}"}
    schema = {"name": "kind", "schema": {"type": "object", "properties": {"kind": {"type": "string"}}, "required": ["kind"]}}
    sampling = {"response_format": {"type": "json_schema", "json_schema": schema}}
    run, items = stack.run(stack.create_eval(kind), ask(send(ROWS), '{"kind": "{{item.q}}"}', sampling_params=sampling))
    assert [item.status for item in items] == ["pass", "fail"]
    assert run.status == "completed"
