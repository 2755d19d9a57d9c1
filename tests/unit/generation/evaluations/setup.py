"""A project with a fine-tuned model, its training file, a vector store and a questions file; and comparisons of them."""

import json
from dataclasses import dataclass
from typing import Any

import httpx

from shared.contracts.fine_tuning import Method, TrainingSpec
from shared.records import jobs
from shared.records.database import Database
from shared.records.evaluation.answers import Answer
from shared.records.evaluation.comparisons import ComparisonQuestion
from shared.records.models.adapters import Adapter
from tests.fake_retrieval import FakeRetrieval

ADAPTER = "ft:tiny:default::abcdefgh1234"
PATH = "/v1/comparisons"
MEASURED = {"scores": {"f1": 1.0}, "seconds": 0.1, "prompt_tokens": 1, "completion_tokens": 1, "citations": []}


def write_questions(*numbers: int, **fields: Any) -> bytes:
    """Return the lines of a questions file."""
    lines = ({"question": f"Wie viele Züge fahren auf Gleis {number}?", "answers": [str(number)], **fields} for number in numbers)
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()


def write_examples(count: int = 12) -> bytes:
    """Return the lines of a training file."""
    chats = ([{"role": "user", "content": f"Frage {n}?"}, {"role": "assistant", "content": f"Antwort {n}."}] for n in range(count))
    return "".join(json.dumps({"messages": chat}) + "\n" for chat in chats).encode()


@dataclass(frozen=True)
class Setup:
    """A client, and what it compares."""

    http: httpx.Client
    retrieval: FakeRetrieval
    database: Database
    training_file: str
    body: dict[str, Any]

    def create(self, **changes: Any) -> dict[str, Any]:
        """Create a comparison, with changes to the usual request."""
        return self.post({**self.body, **changes})

    def extend(self, parent: str, questions: bytes, **fields: Any) -> dict[str, Any]:
        """Extend a comparison by the questions of a file."""
        return self.post({"extends": parent, "questions_file": self.add_questions(questions), **fields})

    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Create a comparison."""
        response = self.http.post(PATH, json=body)
        assert response.status_code == 200, response.text
        created: dict[str, Any] = response.json()
        return created

    def refuse(self, body: dict[str, Any], status: int = 400) -> dict[str, Any]:
        """Return the error of a request."""
        response = self.http.post(PATH, json=body)
        assert response.status_code == status, response.text
        error: dict[str, Any] = response.json()["error"]
        return error

    def add_questions(self, content: bytes, name: str = "questions.jsonl") -> str:
        """Add a questions file and return its id."""
        return self.retrieval.add_file(content, purpose="evals", name=name)

    def finish(self, job_id: str, status: str = "succeeded", outcome: str = "not_settled", **reports: str) -> None:
        """Answer the first question with the arm `base`, and end the comparison, with this outcome if it succeeded."""
        with self.database.session() as session:
            assert jobs.claim(session, job_id, "worker", 60)
            session.merge(Answer(job_id=job_id, phase="main", question=0, arm="base", text="Two", **MEASURED))
            result = make_result(outcome, **reports) if status == "succeeded" else None
            assert jobs.finish(session, job_id, "worker", status, result=result)

    def read_spec(self, job_id: str) -> dict[str, Any]:
        """Return the stored spec."""
        with self.database.session() as session:
            return session.get_one(jobs.Job, job_id).spec

    def read_questions(self, job_id: str) -> list[str]:
        """Return the stored questions, by number."""
        with self.database.session() as session:
            rows = session.query(ComparisonQuestion).filter_by(job_id=job_id).order_by(ComparisonQuestion.number).all()
            assert [row.number for row in rows] == list(range(len(rows)))
            return [row.content["question"] for row in rows]

    def read_events(self, job_id: str) -> list[dict[str, Any]]:
        """Return the events, newest first."""
        events: list[dict[str, Any]] = self.http.get(f"{PATH}/{job_id}/events").json()["data"]
        return events


def make_result(outcome: str = "not_settled", **reports: str) -> dict[str, Any]:
    """Return the result of a comparison that recommends nothing."""
    verdict = {"outcome": outcome, "recommended": None, "best": "base", "text": "Not settled."}
    files = {"report_json": "file-1", "report_html": "file-2", **reports}
    return {"questions": 3, "arms": [], "differences": [], "verdict": verdict, "seed": 0, "concurrency": 4, **files}


def add_adapter(database: Database, training_file: str, name: str = ADAPTER, job_id: str = "ftjob-1") -> None:
    """Store a fine-tuned model and the job that made it."""
    method = Method()
    spec = TrainingSpec(model="tiny", training_file=training_file, validation_file=None, suffix=None, seed=1, method=method).model_dump()
    with database.session() as session:
        session.add(jobs.Job(id=job_id, project_id="default", kind=jobs.FINE_TUNING, status="succeeded", spec=spec, created_at=5))
        session.add(Adapter(name=name, project_id="default", base="tiny", job_id=job_id, manifest={}, created_at=7))


def open_setup(http: httpx.Client, retrieval: FakeRetrieval, database: Database) -> Setup:
    """Return a project that can run all standard arms."""
    retrieval.add_store([])
    training_file = retrieval.add_file(write_examples())
    add_adapter(database, training_file)
    questions = retrieval.add_file(write_questions(1, 2, 3), purpose="evals", name="questions.jsonl")
    return Setup(http, retrieval, database, training_file, {"questions_file": questions, "model": ADAPTER, "vector_store_ids": ["vs_a"]})
