"""Runs of evals in a real database, against an API that answers as a test says."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from services.evaluation.evals.item_store import ItemStore
from services.evaluation.evals.rows.stored_answers import AnswerReader
from services.evaluation.evaluate import EvalLimits, run_eval
from shared.contracts.evals.runs import RunResult, RunSpec
from shared.errors import NotFound
from shared.records import jobs
from shared.records.database import Database
from shared.records.evaluation.evals import EvalOutputItem, EvalRun, StoredEval, take_rows
from shared.records.jobs import EVAL_RUN
from shared.workers.api_client import ChatCompletion
from shared.workers.job_context import JobContext

MODEL, JUDGE = "small", "judge"
Body = dict[str, Any]
IS_PARIS = {
    "type": "string_check", "name": "paris", "input": "{{sample.output_text}}", "operation": "eq", "reference": "{{item.answer}}",
}  # fmt: skip
JUDGED = {
    "type": "label_model", "name": "polite", "model": JUDGE, "labels": ["yes", "no"], "passing_labels": ["yes"],
    "input": [{"role": "user", "content": "Is it polite? {{sample.output_text}}"}],
}  # fmt: skip


class Killed(BaseException):
    """The worker was killed."""


def complete(text: str, **changes: Any) -> Body:
    """Return a chat completion."""
    usage = {"prompt_tokens": 10, "completion_tokens": 2, "total_tokens": 12, "prompt_tokens_details": {"cached_tokens": 4}}
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}
    return {"id": "chatcmpl-1", "object": "chat.completion", "created": 5, "model": MODEL, "choices": [choice], "usage": usage, **changes}


def respond(text: str, *items: Body, **changes: Any) -> Body:
    """Return a response: other items, and a message."""
    message = {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": text, "annotations": []}]}
    usage = {"input_tokens": 20, "output_tokens": 3, "total_tokens": 23, "input_tokens_details": {"cached_tokens": 7}}
    own = {"id": "resp_1", "object": "response", "created_at": 5, "model": MODEL, "status": "completed", "tools": [], "metadata": {}}
    return {**own, "output": [*items, message], "usage": usage, **changes}


def judge(label: str) -> Body:
    """Return the output of a model that grades."""
    return complete(json.dumps({"steps": [], "result": label}), model=JUDGE)


@dataclass
class ScriptedApi:
    """Answers each call with `answer`, which may raise. The worker dies at the call `dies_at`, which counts from 1."""

    answer: Callable[[str, Body], Any] = lambda _path, _body: complete("Paris")
    files: dict[str, bytes] = field(default_factory=dict)
    dies_at: int | None = None
    calls: list[tuple[str, Body]] = field(default_factory=list)

    async def call(self, method: str, path: str, *, body: Any = None) -> Any:
        assert method == "POST"
        self.calls.append((path, body))
        if len(self.calls) == self.dies_at:
            raise Killed
        await asyncio.sleep(0)
        return self.answer(path, body)

    async def complete_chat(self, request: Body) -> ChatCompletion:
        body = await self.call("POST", "/v1/chat/completions", body=request)
        usage = body["usage"]
        return ChatCompletion(body["choices"][0]["message"]["content"], usage["prompt_tokens"], usage["completion_tokens"], [])

    async def copy_file(self, file_id: str, target: BinaryIO) -> None:
        if file_id not in self.files:
            raise NotFound(f"There is no file '{file_id}'.")
        target.write(self.files[file_id])


def make_spec(data_source: Body, *criteria: Body, **changes: Any) -> RunSpec:
    """Return the spec of a run; each criterion's id is its name."""
    named = [{"id": each["name"], "grader": each} for each in criteria or (IS_PARIS,)]
    spec = {"eval_id": "eval_1", "name": "run", "metadata": None, "data_source": data_source, "item_schema": None, "criteria": named}
    return RunSpec.model_validate({**spec, **changes})


def ask_about(items: list[Body], content: Any = "{{item.question}}", **changes: Any) -> Body:
    """Return a data source that asks a model about each item."""
    template = [{"role": "user", "content": content}]
    source = {"type": "file_content", "content": [{"item": item} for item in items]}
    messages = {"type": "template", "template": template}
    return {"type": "completions", "source": source, "model": MODEL, "input_messages": messages, **changes}


def grade_rows(*rows: Body) -> Body:
    """Return a data source whose rows are graded as they are."""
    return {"type": "jsonl", "source": {"type": "file_content", "content": list(rows)}}


def submit(database: Database, spec: RunSpec) -> str:
    """Store a new run, with the rows of its request apart from the job; return its id."""
    fields: Body = {"data_source_config": {}, "testing_criteria": [], "created_at": 1, "updated_at": 1}
    stored = spec.model_dump(mode="json")
    data_source, rows = take_rows(stored["data_source"])
    with database.session() as session:
        session.merge(StoredEval(id=spec.eval_id, project_id="default", name="a", **fields))
        job = jobs.submit(session, EVAL_RUN, "default", {**stored, "data_source": data_source})
        session.add(EvalRun(job_id=job.id, eval_id=spec.eval_id, content=rows))
        return job.id


def claim(database: Database, job_id: str, owner: str = "worker") -> JobContext:
    """Claim a run, also from a worker that died."""
    with database.session() as session:
        job = session.get(jobs.Job, job_id)
        assert job
        job.lease_owner = job.lease_expires_at = None
        session.flush()
        claimed = jobs.claim(session, job_id, owner, 60)
    assert claimed
    return JobContext(database, claimed, owner, threading.Event())


def run(database: Database, api: ScriptedApi, context: JobContext, concurrency: int = 1, retry_seconds: float = 0.0) -> RunResult:
    """Run a claimed run to its end."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[ScriptedApi]:
        yield api

    items, answers = ItemStore(database, context), AnswerReader(database, "default", context.job.created_at)
    limits = EvalLimits(concurrency, retry_seconds, "embedder")
    return RunResult.model_validate(run_eval(context, opened(), items, answers, limits))


def evaluate(database: Database, api: ScriptedApi, spec: RunSpec, concurrency: int = 1) -> tuple[RunResult, list[EvalOutputItem]]:
    """Run a new run to its end; return its result and its output items."""
    job_id = submit(database, spec)
    return run(database, api, claim(database, job_id), concurrency), read_items(database, job_id)


def read_items(database: Database, job_id: str) -> list[EvalOutputItem]:
    """Return the output items of a run, by number."""
    with database.session() as session:
        rows = session.query(EvalOutputItem).filter_by(job_id=job_id).order_by(EvalOutputItem.number)
        return list(rows)
