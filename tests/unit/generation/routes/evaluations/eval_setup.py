"""An eval in a project, its runs, and what a worker would store for them."""

from dataclasses import dataclass
from typing import Any

import httpx

from shared.contracts.evals.runs import CriterionResult, ModelUsage, PassRate, ResultCounts, RunResult
from shared.ids import new_id
from shared.records import jobs
from shared.records.database import Database
from shared.records.evaluation.evals import EvalOutputItem
from tests.fake_retrieval import FakeRetrieval

ITEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"ticket": {"type": "string"}, "label": {"type": "string"}},
    "required": ["ticket", "label"],
}
CONFIG: dict[str, Any] = {"type": "custom", "item_schema": ITEM_SCHEMA, "include_sample_schema": True}
CHECK: dict[str, Any] = {
    "type": "string_check", "name": "Same label", "input": "{{ sample.output_text }}", "operation": "eq", "reference": "{{item.label}}",
}  # fmt: skip
ROWS: list[dict[str, Any]] = [
    {"item": {"ticket": "Der Drucker brennt.", "label": "Hardware"}},
    {"item": {"ticket": "Parolă uitată", "label": "Account"}},
]
TEMPLATE: list[dict[str, Any]] = [
    {"role": "developer", "content": "Name the kind of the ticket."},
    {"role": "user", "content": "{{ item.ticket }}"},
]
COMPLETIONS: dict[str, Any] = {
    "type": "completions",
    "model": "tiny",
    "input_messages": {"type": "template", "template": TEMPLATE},
    "source": {"type": "file_content", "content": ROWS},
}
JSONL: dict[str, Any] = {
    "type": "jsonl",
    "source": {"type": "file_content", "content": [{**row, "sample": {"output_text": "Hardware"}} for row in ROWS]},
}
STORED: dict[str, Any] = {"type": "completions", "source": {"type": "stored_completions", "metadata": {"use": "chat"}, "limit": 50}}


@dataclass(frozen=True)
class EvalSetup:
    """A client, and the database that the workers would write to."""

    http: httpx.Client
    retrieval: FakeRetrieval
    database: Database

    def create(self, **changes: Any) -> dict[str, Any]:
        """Create an eval, with changes to the usual request."""
        return self._post("/v1/evals", {"name": "Tickets", "data_source_config": CONFIG, "testing_criteria": [CHECK], **changes})

    def start(self, eval_id: str, data_source: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
        """Create a run."""
        return self._post(f"/v1/evals/{eval_id}/runs", {"data_source": data_source or COMPLETIONS, **fields})

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        response = self.http.post(path, json=body)
        assert response.status_code == 201, response.text
        created: dict[str, Any] = response.json()
        return created

    def refuse(self, path: str, body: Any) -> dict[str, Any]:
        """Return the error of a request that must be a 400."""
        response = self.http.post(path, json=body)
        assert response.status_code == 400, response.text
        error: dict[str, Any] = response.json()["error"]
        return error

    def refuse_eval(self, **changes: Any) -> dict[str, Any]:
        """Return the error of the usual request with changes."""
        return self.refuse("/v1/evals", {"data_source_config": CONFIG, "testing_criteria": [CHECK], **changes})

    def refuse_run(self, eval_id: str, data_source: dict[str, Any]) -> dict[str, Any]:
        """Return the error of a run."""
        return self.refuse(f"/v1/evals/{eval_id}/runs", {"data_source": data_source})

    def add_items(self, run: dict[str, Any], statuses: list[str | None]) -> list[str]:
        """Store an output item of each status, as a worker does; return their ids."""
        ids = [new_id("outputitem_") for _ in statuses]
        with self.database.session() as session:
            for number, status in enumerate(statuses):
                session.add(make_item(run["id"], number, ids[number], status))
        return ids

    def finish(self, run: dict[str, Any], status: str = "succeeded") -> None:
        """End a run, with a result if it succeeded."""
        result = RunResult(
            result_counts=ResultCounts(total=3, passed=1, failed=1, errored=1),
            per_model_usage=[
                ModelUsage(model_name="tiny", invocation_count=3, prompt_tokens=30, completion_tokens=6, cached_tokens=0, total_tokens=36)
            ],
            per_testing_criteria_results=[CriterionResult(testing_criteria="Same label-1", passed=1, failed=1, errored=1)],
            pass_rate=PassRate(rate=0.5, low=0.1, high=0.9, items=2),
        )
        error = {"code": "unavailable", "message": "The engine does not respond.", "param": None}
        values = {"result": result.model_dump(mode="json")} if status == "succeeded" else {"error": error} if status == "failed" else {}
        with self.database.session() as session:
            assert jobs.claim(session, run["id"], "worker", 600)
            assert jobs.finish(session, run["id"], "worker", status, **values)


def make_item(run_id: str, number: int, id: str, status: str | None) -> EvalOutputItem:
    """Return an output item as a worker stores it; without a status, it is not graded yet."""
    sample = {
        "input": [{"role": "user", "content": "Der Drucker brennt."}],
        "output": [{"role": "assistant", "content": "<b>Hardware</b> & more"}],
        "finish_reason": "stop", "model": "tiny", "error": None, "temperature": 0.0, "max_completion_tokens": 64, "top_p": 1.0, "seed": 7,
        "usage": {"total_tokens": 12, "completion_tokens": 2, "prompt_tokens": 10, "cached_tokens": 0},
    }  # fmt: skip
    result = {"name": "Same label-1", "type": "string_check", "score": 1.0, "passed": status == "pass", "sample": None}
    item = {"ticket": "<script>alert(1)</script>", "label": "Hardware"}
    graded = {"sample": sample, "results": [result]} if status else {}
    return EvalOutputItem(job_id=run_id, number=number, id=id, created_at=5, status=status, item=item, **graded)
