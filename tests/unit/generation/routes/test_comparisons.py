import json
from typing import Any

import httpx
import pytest

from shared.contracts.comparisons import ComparisonSpec
from shared.records import jobs
from shared.records.adapters import Adapter
from shared.records.answers import Answer
from shared.records.database import Database
from tests.fake_retrieval import FakeRetrieval

ADAPTER = "ft:tiny:default::abcdefgh1234"
QUESTIONS = json.dumps({"question": "How many arms?", "answers": ["Two"]}).encode() + b"\n"
PATH = "/v1/comparisons"


@pytest.fixture
def body(retrieval: FakeRetrieval, database: Database) -> dict[str, Any]:
    retrieval.add_store([])
    with database.session() as session:
        session.add(Adapter(name=ADAPTER, project_id="default", base="tiny", job_id="ftjob-1", manifest={}, created_at=7))
    return {"questions_file": retrieval.add_file(QUESTIONS * 3, purpose="evals"), "model": ADAPTER, "vector_store_ids": ["vs_a"]}


def create(http: httpx.Client, body: dict[str, Any]) -> dict[str, Any]:
    response = http.post(PATH, json=body)
    assert response.status_code == 200, response.text
    created: dict[str, Any] = response.json()
    return created


def create_invalid(http: httpx.Client, body: dict[str, Any], status: int = 400) -> dict[str, Any]:
    response = http.post(PATH, json=body)
    assert response.status_code == status, response.text
    error: dict[str, Any] = response.json()["error"]
    return error


def finish(database: Database, job_id: str, result: dict[str, Any]) -> None:
    measured = {"scores": {"f1": 1.0}, "seconds": 0.1, "prompt_tokens": 1, "completion_tokens": 1, "citations": []}
    with database.session() as session:
        jobs.claim(session, job_id, "worker", 60)
        session.add(Answer(job_id=job_id, question=0, arm="base", text="Two", **measured))
        jobs.finish(session, job_id, "worker", "succeeded", result=result)


def make_result(**reports: str) -> dict[str, Any]:
    verdict = {"outcome": "no_difference_shown", "recommended": None, "best": "base", "text": "No difference shown."}
    rest = {"questions": 3, "arms": [], "differences": [], "verdict": verdict, "resamples": 10, "seed": 0, "concurrency": 4}
    return {**rest, **reports}


def test_a_comparison_has_all_arms_that_its_inputs_allow(http: httpx.Client, body: dict[str, Any], database: Database) -> None:
    comparison = create(http, body)
    assert comparison["id"].startswith("cmp_")
    assert (comparison["object"], comparison["status"], comparison["percent"]) == ("comparison", "queued", 0.0)
    assert comparison["arms"] == ["base", "rag", "fine_tuned", "both"]
    assert (comparison["model"], comparison["base_model"], comparison["result"]) == (ADAPTER, "tiny", None)
    with database.session() as session:
        row = session.get(jobs.Job, comparison["id"])
        assert row is not None
        spec = ComparisonSpec.model_validate(row.spec)
        assert (spec.arms, spec.base_model, spec.vector_store_ids) == (["base", "rag", "fine_tuned", "both"], "tiny", ["vs_a"])
    assert http.get(f"{PATH}/{comparison['id']}").json() == comparison


def test_arms_without_vector_stores_or_adapter_are_left_out(http: httpx.Client, body: dict[str, Any]) -> None:
    assert create(http, {**body, "vector_store_ids": []})["arms"] == ["base", "fine_tuned"]
    assert create(http, {**body, "model": "tiny"})["arms"] == ["base", "rag"]


def test_arms_are_in_their_usual_order(http: httpx.Client, body: dict[str, Any]) -> None:
    assert create(http, {**body, "arms": ["both", "base"]})["arms"] == ["base", "both"]


@pytest.mark.parametrize(
    ("change", "param", "problem"),
    [
        ({"vector_store_ids": [], "arms": ["base", "rag"]}, "arms", "'rag' needs documents"),
        ({"model": "tiny", "arms": ["base", "both"]}, "arms", "'both' needs a fine-tuned model"),
        ({"model": "tiny", "vector_store_ids": []}, "arms", "at least two arms"),
        ({"arms": ["base", "base"]}, "arms", "at least two arms"),
        ({"arms": ["base"]}, "arms", "at least 2"),
        ({"questions_file": "file-gone"}, "questions_file", "file-gone"),
        ({"max_tokens": 0}, "max_tokens", "must be between 1 and 4096; got 0"),
    ],
)
def test_an_invalid_comparison_is_a_400(http: httpx.Client, body: dict[str, Any], change: dict[str, Any], param: str, problem: str) -> None:
    error = create_invalid(http, {**body, **change})
    assert error["param"] == param
    assert problem in error["message"]


def test_unknown_models_and_vector_stores_are_404s(http: httpx.Client, body: dict[str, Any]) -> None:
    assert create_invalid(http, {**body, "model": "other"}, 404)["param"] == "model"
    assert create_invalid(http, {**body, "vector_store_ids": ["vs_a", "vs_gone"]}, 404)["param"] == "vector_store_ids"


def test_an_invalid_question_is_an_error_with_its_line(http: httpx.Client, body: dict[str, Any], retrieval: FakeRetrieval) -> None:
    file_id = retrieval.add_file(QUESTIONS + b'{"question": "Why?"}\n', purpose="evals")
    error = create_invalid(http, {**body, "questions_file": file_id})
    assert (error["param"], error["code"]) == ("questions_file", "invalid_file_format")
    assert error["message"].startswith("Line 2: 'answers' is required")


def test_comparisons_are_listed_page_by_page(http: httpx.Client, body: dict[str, Any]) -> None:
    created = {create(http, body)["id"] for _ in range(3)}
    first = http.get(PATH, params={"limit": 2}).json()
    second = http.get(PATH, params={"limit": 2, "after": first["last_id"]}).json()
    assert (first["has_more"], second["has_more"]) == (True, False)
    assert {row["id"] for row in first["data"] + second["data"]} == created


def test_a_comparison_can_be_canceled(http: httpx.Client, body: dict[str, Any]) -> None:
    comparison = create(http, body)
    assert http.post(f"{PATH}/{comparison['id']}/cancel").json()["status"] == "cancelled"


def test_a_finished_comparison_shows_its_result(http: httpx.Client, body: dict[str, Any], database: Database) -> None:
    comparison = create(http, body)
    finish(database, comparison["id"], make_result(report_json="file-1", report_html="file-2"))
    shown = http.get(f"{PATH}/{comparison['id']}").json()
    assert shown["status"] == "succeeded"
    assert shown["result"]["verdict"]["text"] == "No difference shown."


def test_deleting_a_comparison_deletes_its_answers_events_and_reports(
    http: httpx.Client, body: dict[str, Any], database: Database, retrieval: FakeRetrieval
) -> None:
    comparison = create(http, body)
    reports = {name: retrieval.add_file(b"{}", purpose="evals") for name in ("report_json", "report_html")}
    finish(database, comparison["id"], make_result(**reports))
    answer = http.delete(f"{PATH}/{comparison['id']}")
    assert answer.json() == {"id": comparison["id"], "object": "comparison.deleted", "deleted": True}
    assert not {file_id for _, file_id in retrieval.files} & set(reports.values())
    with database.session() as session:
        assert session.query(Answer).count() == 0
        assert session.query(jobs.JobEvent).filter_by(job_id=comparison["id"]).count() == 0
    assert http.get(f"{PATH}/{comparison['id']}").status_code == 404
    assert http.delete(f"{PATH}/{comparison['id']}").status_code == 404


def test_deleting_a_running_comparison_ends_its_lease(http: httpx.Client, body: dict[str, Any], database: Database) -> None:
    comparison = create(http, body)
    with database.session() as session:
        jobs.claim(session, comparison["id"], "worker", 60)
    assert http.delete(f"{PATH}/{comparison['id']}").status_code == 200
    with database.session() as session:
        assert not jobs.renew(session, comparison["id"], "worker", 60)


def test_deleting_a_comparison_deletes_reports_that_no_result_names(
    http: httpx.Client, body: dict[str, Any], retrieval: FakeRetrieval
) -> None:
    comparison = create(http, body)
    left = {retrieval.add_file(b"{}", purpose="evals", name=f"{comparison['id']}.{end}") for end in ("json", "html")}
    others = {retrieval.add_file(b"{}", purpose="evals", name="cmp_other.json"), body["questions_file"]}
    assert http.delete(f"{PATH}/{comparison['id']}").status_code == 200
    files = {file_id for _, file_id in retrieval.files}
    assert not files & left
    assert files >= others


def test_a_comparison_can_be_deleted_after_its_reports(http: httpx.Client, body: dict[str, Any], database: Database) -> None:
    comparison = create(http, body)
    finish(database, comparison["id"], make_result(report_json="file-gone", report_html="file-gone"))
    assert http.delete(f"{PATH}/{comparison['id']}").status_code == 200
