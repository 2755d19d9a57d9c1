"""A server of Weights & Biases as far as its client needs one for a run: it keeps the rows, the summary and the end of each run."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class FakeWandbRun:
    """A run."""

    rows: list[str] = field(default_factory=list)
    summary: dict[str, Any] = field(default_factory=dict)
    exit_code: int | None = None

    @property
    def steps(self) -> list[int]:
        return [json.loads(row)["_step"] for row in self.rows]

    def write(self, body: dict[str, Any]) -> None:
        """Write what the client streams: rows from an offset on, a summary, the end."""
        files = body.get("files") or {}
        if history := files.get("wandb-history.jsonl"):
            self.rows[history["offset"] :] = history["content"]
        if summary := files.get("wandb-summary.json"):
            self.summary = json.loads(summary["content"][-1])
        if body.get("complete"):
            self.exit_code = body["exitcode"]


@dataclass
class FakeWandb:
    """The server's runs by name, and its address."""

    url: str
    runs: dict[str, FakeWandbRun] = field(default_factory=dict)

    def answer(self, operation: str, variables: dict[str, Any]) -> dict[str, Any]:
        """Return the data of a GraphQL operation."""
        if operation == "RunResumeStatus":
            return {"model": self._describe_resume(variables["name"]) if variables["name"] in self.runs else None}
        if operation == "UpsertBucket":
            run = self.runs.setdefault(variables["name"], FakeWandbRun())
            return {"upsertBucket": {"bucket": _describe_run(variables, run), "inserted": not run.rows}}
        if operation == "CreateRunFiles":
            files = [{"name": name, "uploadUrl": f"{self.url}/upload"} for name in variables["files"]]
            return {"createRunFiles": {"runID": "r1", "uploadHeaders": [], "files": files}}
        return {}

    def _describe_resume(self, name: str) -> dict[str, Any]:
        run = self.runs[name]
        counts = {"logLineCount": 0, "historyLineCount": len(run.rows), "eventsLineCount": 0}
        tails = {
            "historyTail": json.dumps(run.rows[-1:]),
            "eventsTail": "[]",
            "summaryMetrics": "{}",
            "config": "{}",
            "wandbConfig": '{"t": 1}',
        }
        bucket: dict[str, Any] = {"id": "r1", "name": name, "displayName": name, "tags": [], "notes": None, **counts, **tails}
        return {"id": "p1", "name": "p", "entity": {"id": "e1", "name": "me"}, "bucket": bucket}


def _describe_run(variables: dict[str, Any], run: FakeWandbRun) -> dict[str, Any]:
    project = {"id": "p1", "name": variables["project"], "entity": {"id": "e1", "name": variables["entity"] or "me"}}
    named = {"id": "r1", "name": variables["name"], "displayName": variables["displayName"], "project": project}
    return {**named, "description": None, "config": "{}", "sweepName": None, "historyLineCount": len(run.rows)}


@contextmanager
def serve_fake_wandb() -> Iterator[FakeWandb]:
    """Yield a server on loopback."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            answer: dict[str, Any] = {}
            if self.path == "/graphql":
                asked = json.loads(body)
                answer = {"data": wandb.answer(asked["operationName"], asked["variables"])}
            elif self.path.endswith("/file_stream"):
                wandb.runs[self.path.split("/")[-2]].write(json.loads(body))
            content = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_PUT = do_POST  # noqa: N815  the names of http.server

        def log_message(self, format: str, *arguments: Any) -> None:
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        wandb = FakeWandb(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield wandb
        server.shutdown()
        thread.join()
