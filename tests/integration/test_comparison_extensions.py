"""Comparisons from the request to the verdict, and their extensions: the real front door and worker, with a fake engine and retrieval."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.evaluation.settings import EvaluationSettings
from services.evaluation.worker import create_worker
from services.generation.app import create_app
from services.generation.settings import GenerationSettings
from shared.records.database import Database
from shared.records.evaluation.answers import Answer
from shared.settings import JobSettings
from tests.fake_engine import FakeEngine
from tests.fake_retrieval import FakeRetrieval, make_hit
from tests.serving import serving

PATH = "/v1/comparisons"
ONE_WORD = {"name": "one-word", "instructions": "Answer in one word."}


@dataclass(frozen=True)
class Stack:
    """A client of the front door, the fakes behind it, and a worker that works when it is told to."""

    http: httpx.Client
    engine: FakeEngine
    retrieval: FakeRetrieval
    settings: EvaluationSettings

    def add_questions(self, *numbers: int) -> str:
        """Add a file with questions that the fake engine, which repeats them, answers half right."""
        lines = [json.dumps({"question": f"Wie hoch ist Turm {number}?", "answers": [f"Turm {number}"]}) for number in numbers]
        return self.retrieval.add_file("\n".join(lines).encode(), purpose="evals", name="questions.jsonl")

    def run(self, **body: Any) -> dict[str, Any]:
        """Create a comparison, work on it to its end, and return it."""
        created = self.http.post(PATH, json=body)
        assert created.status_code == 200, created.text
        create_worker(self.settings).work(created.json()["id"])
        return self.read(created.json()["id"])

    def read(self, comparison_id: str) -> dict[str, Any]:
        comparison: dict[str, Any] = self.http.get(f"{PATH}/{comparison_id}").json()
        return comparison

    def list_asked(self) -> list[str]:
        """Return the last message of every request that the engine got since the last call, but for those of one token."""
        bodies = [json.loads(body) for body in self.engine.bodies]
        self.engine.bodies.clear()
        return [body["messages"][-1]["content"] for body in bodies if "messages" in body and body.get("max_tokens") != 1]


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    engine, retrieval = FakeEngine(), FakeRetrieval()
    retrieval.add_store([make_hit("Turm 7 ist 80 m hoch.", 0.9)])
    common: dict[str, Any] = {"data": tmp_path, "base_name": "tiny", "broker_url": "memory://"}
    with serving(engine.app()) as engine_url, serving(retrieval.app()) as retrieval_url:
        settings = GenerationSettings(common=JobSettings(**common), engine_url=engine_url, retrieval_url=retrieval_url)
        with serving(create_app(settings)) as url, httpx.Client(base_url=url, timeout=20) as http:
            worker = EvaluationSettings(common=JobSettings(**common, api_url=url), single_questions=0, repeated_questions=0)
            yield Stack(http, engine, retrieval, worker)


def test_an_extension_asks_only_new_questions_even_after_its_parent_was_deleted(stack: Stack) -> None:
    arms = ["base", "rag", ONE_WORD]
    first = stack.run(questions_file=stack.add_questions(*range(12)), model="tiny", vector_store_ids=["vs_a"], arms=arms)
    assert (first["status"], first["result"]["questions"], first["look"]) == ("succeeded", 12, 1), first["error"]
    assert len(stack.list_asked()) == 12 * 3
    more = stack.add_questions(10, 11, 12, 13)
    extension = stack.http.post(PATH, json={"extends": first["id"], "questions_file": more}).json()
    assert stack.http.delete(f"{PATH}/{first['id']}").status_code == 200
    create_worker(stack.settings).work(extension["id"])
    second = stack.read(extension["id"])
    assert (second["status"], second["result"]["questions"], second["result"]["verdict"]["look"]) == ("succeeded", 14, 2), second["error"]
    asked = stack.list_asked()
    assert len(asked) == 2 * 3
    assert {number for number in range(14) if any(f"Turm {number}?" in text for text in asked)} == {12, 13}
    assert [arm["arm"] for arm in second["result"]["arms"]] == ["base", "rag", "one-word"]


def test_the_files_of_a_report_are_those_that_deletion_deletes(stack: Stack) -> None:
    done = stack.run(questions_file=stack.add_questions(*range(10)), model="tiny", arms=["base", ONE_WORD])
    reports = {done["result"][name] for name in ("report_json", "report_html", "report_markdown", "bundle")}
    names = {about["filename"] for (_, file_id), about in stack.retrieval.files.items() if file_id in reports}
    assert names == {f"{done['id']}.{ending}" for ending in ("json", "html", "md", "zip")}
    stack.http.delete(f"{PATH}/{done['id']}")
    assert [about["filename"] for about in stack.retrieval.files.values()] == ["questions.jsonl"]


def test_a_canceled_comparison_is_continued_with_the_answers_that_it_has(stack: Stack) -> None:
    body = {"questions_file": stack.add_questions(*range(10)), "model": "tiny", "arms": ["base", ONE_WORD]}
    first = stack.http.post(PATH, json=body).json()
    database = Database(stack.settings.common.jobs_url)
    with database.session() as session:
        measured = {"scores": {}, "seconds": 0.1, "prompt_tokens": 1, "completion_tokens": 1, "citations": []}
        session.add(Answer(job_id=first["id"], question=4, arm="base", text="Turm 4", **measured))
    database.close()
    stack.http.post(f"{PATH}/{first['id']}/cancel")
    continued = stack.run(extends=first["id"])
    assert (continued["status"], continued["look"], continued["result"]["questions"]) == ("succeeded", 1, 10), continued["error"]
    assert len(stack.list_asked()) == 19
