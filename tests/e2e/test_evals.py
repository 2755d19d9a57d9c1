"""Runs of evals by the whole stack: answers and judges of the real engine, a file, documents, and stored chat completions."""

import json
from typing import Any

import pytest
from openai import OpenAI
from openai.types.evals import RunRetrieveResponse

from tests.e2e.stack import until

SECONDS = 600.0
ENDED = ("completed", "failed", "canceled")
ITEMS = [
    {"question": "What is the capital of France?", "answer": "Paris"},
    {"question": "How many days has a week?", "answer": "7"},
    {"question": "Which color has the sky?", "answer": "blue"},
]
SCHEMA = {
    "type": "object", "properties": {"question": {"type": "string"}, "answer": {"type": "string"}}, "required": ["question", "answer"],
}  # fmt: skip
MENTIONS: Any = {
    "type": "string_check", "name": "mentions", "operation": "ilike", "input": "{{ sample.output_text }}", "reference": "{{ item.answer }}",
}  # fmt: skip


def judge(base: str) -> Any:
    prompt = "Question: {{item.question}}\nAnswer: {{sample.output_text}}\nIs the answer right?"
    return {
        "type": "label_model", "name": "judge", "model": base, "labels": ["right", "wrong"], "passing_labels": ["right"],
        "input": [{"role": "user", "content": prompt}], "sampling_params": {"max_completions_tokens": 400},
    }  # fmt: skip


def ask(base: str, source: Any, **changes: Any) -> Any:
    messages = {
        "type": "template",
        "template": [{"role": "developer", "content": "Be brief."}, {"role": "user", "content": "{{item.question}}"}],
    }
    sampling = {"temperature": 0, "max_completion_tokens": 24}
    return {"type": "completions", "model": base, "input_messages": messages, "source": source, "sampling_params": sampling, **changes}


def run(client: OpenAI, eval_id: str, data_source: Any) -> RunRetrieveResponse:
    """Return a run that has ended."""
    run_id = client.evals.runs.create(eval_id, data_source=data_source).id
    until(lambda: client.evals.runs.retrieve(run_id, eval_id=eval_id).status in ENDED, SECONDS)
    return client.evals.runs.retrieve(run_id, eval_id=eval_id)


@pytest.fixture
def eval_id(client: OpenAI, base: str) -> str:
    config: Any = {"type": "custom", "item_schema": SCHEMA, "include_sample_schema": True}
    return client.evals.create(data_source_config=config, testing_criteria=[MENTIONS, judge(base)]).id


def test_a_file_is_answered_and_graded_by_the_engine(client: OpenAI, base: str, eval_id: str) -> None:
    lines = "".join(json.dumps({"item": item}) + "\n" for item in ITEMS).encode()
    file_id = client.files.create(file=("rows.jsonl", lines), purpose="evals").id
    ended = run(client, eval_id, ask(base, {"type": "file_id", "id": file_id}))
    counts = ended.result_counts
    assert (ended.status, counts.total, counts.passed + counts.failed + counts.errored) == ("completed", 3, 3)
    (usage,) = ended.per_model_usage
    assert (usage.run_model_name, usage.invocation_count) == (base, 6)
    for item in client.evals.runs.output_items.list(ended.id, eval_id=eval_id):
        mentions = (
            item.sample.output[0].content is not None
            and str(item.datasource_item["answer"]).lower() in item.sample.output[0].content.lower()
        )
        assert (item.results[0].passed, item.sample.usage.completion_tokens > 0) == (mentions, True)
        assert item.sample.input[0].role == "developer"


def test_a_run_with_a_file_search_answers_from_the_documents(client: OpenAI, base: str, store: str, eval_id: str) -> None:
    sampling = {"temperature": 0, "max_completion_tokens": 24, "tools": [{"type": "file_search", "vector_store_ids": [store]}]}
    source = {"type": "file_content", "content": [{"item": item} for item in ITEMS[:1]]}
    ended = run(client, eval_id, ask(base, source, type="responses", sampling_params=sampling))
    assert (ended.status, ended.result_counts.total) == ("completed", 1)
    (item,) = client.evals.runs.output_items.list(ended.id, eval_id=eval_id)
    assert item.sample.to_dict()["retrieved"]


def test_stored_completions_are_graded_as_they_are(client: OpenAI, base: str) -> None:
    for item in ITEMS:
        chat: Any = [{"role": "user", "content": item["question"]}]
        client.chat.completions.create(model=base, messages=chat, store=True, metadata={"suite": "e2e-evals"}, max_completion_tokens=12)
    same: Any = {**MENTIONS, "operation": "eq", "reference": "{{ item.output_text }}"}
    config: Any = {"type": "logs", "metadata": {"suite": "e2e-evals"}}
    logs = client.evals.create(data_source_config=config, testing_criteria=[same]).id
    ended = run(client, logs, {"type": "completions", "source": {"type": "stored_completions"}})
    assert (ended.status, ended.result_counts.passed, ended.per_model_usage) == ("completed", 3, [])
