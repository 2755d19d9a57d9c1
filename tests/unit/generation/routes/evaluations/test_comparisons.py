from typing import Any

import httpx
import pytest

from shared.contracts.comparisons import ComparisonSpec
from shared.records import jobs
from shared.records.database import Database
from shared.records.evaluation.answers import Answer
from shared.records.evaluation.comparisons import ComparisonFamily, ComparisonQuestion
from tests.fake_retrieval import FakeRetrieval
from tests.unit.generation.evaluations.setup import ADAPTER, PATH, Setup, make_result, open_setup, write_questions


@pytest.fixture
def setup(http: httpx.Client, retrieval: FakeRetrieval, database: Database) -> Setup:
    return open_setup(http, retrieval, database)


def test_a_new_comparison_is_queued_with_everything_resolved(setup: Setup) -> None:
    comparison = setup.create(instructions="Antworte in einem Wort.")
    assert comparison["id"].startswith("cmp_")
    assert (comparison["object"], comparison["status"], comparison["percent"]) == ("comparison", "queued", 0.0)
    assert (comparison["model"], comparison["base_model"], comparison["result"]) == (ADAPTER, "tiny", None)
    assert (comparison["look"], comparison["extends"], comparison["reuses"]) == (1, None, None)
    assert (comparison["instructions"], comparison["margin"]) == ("Antworte in einem Wort.", 0.05)
    spec = ComparisonSpec.model_validate(setup.read_spec(comparison["id"]))
    assert (spec.arms, spec.base_model, spec.vector_store_ids) == (["base", "prompted", "rag", "fine_tuned", "both"], "tiny", ["vs_a"])
    assert setup.http.get(f"{PATH}/{comparison['id']}").json() == comparison


@pytest.mark.parametrize(
    ("change", "param", "problem"),
    [
        ({"questions_file": None}, "questions_file", "'questions_file' is required, unless you send 'documents' to make it from."),
        ({"model": None}, "model", "'model' is required"),
        ({"questions_file": "file-gone"}, "questions_file", "file-gone"),
        ({"documents": ["file-gone"]}, "documents[0]", "file-gone"),
        ({"max_tokens": 0}, "max_tokens", "must be between 1 and 4096; got 0"),
    ],
)
def test_an_invalid_comparison_is_a_400(setup: Setup, change: dict[str, Any], param: str, problem: str) -> None:
    error = setup.refuse({**setup.body, **change})
    assert (error["param"], problem in error["message"]) == (param, True), error


def test_unknown_models_and_vector_stores_are_404s(setup: Setup) -> None:
    assert setup.refuse({**setup.body, "model": "other"}, 404)["param"] == "model"
    assert setup.refuse({**setup.body, "vector_store_ids": ["vs_a", "vs_gone"]}, 404)["param"] == "vector_store_ids[1]"


def test_documents_are_enough(setup: Setup) -> None:
    document = setup.retrieval.add_file(b"Gleis 7 ist gesperrt.", purpose="assistants", name="notice.txt")
    created = setup.post({"documents": [document]})
    assert created["arms"] == ["base", "prompted", "rag", "fine_tuned", "both"]
    assert (created["questions_file"], created["model"], created["base_model"]) == (None, None, "tiny")
    assert setup.refuse({"documents": [document], "generator": {"model": "gone"}}, 404)["param"] == "generator.model"


def test_comparisons_are_listed_page_by_page(setup: Setup) -> None:
    created = {setup.create()["id"] for _ in range(3)}
    first = setup.http.get(PATH, params={"limit": 2}).json()
    second = setup.http.get(PATH, params={"limit": 2, "after": first["last_id"]}).json()
    assert (first["has_more"], second["has_more"]) == (True, False)
    assert {row["id"] for row in first["data"] + second["data"]} == created
    assert {row["look"] for row in first["data"]} == {1}


def test_the_events_of_a_comparison_are_listed_newest_first(setup: Setup) -> None:
    job_id = setup.create()["id"]
    with setup.database.session() as session:
        jobs.add_event(session, job_id, "Collected 3 of 15 answers.", data={"asked": 3, "of": 15})
    page = setup.http.get(f"{PATH}/{job_id}/events", params={"limit": 1}).json()
    assert (page["data"][0]["message"], page["data"][0]["data"], page["has_more"]) == (
        "Collected 3 of 15 answers.", {"asked": 3, "of": 15}, True,
    )  # fmt: skip
    assert page["data"][0]["object"] == "comparison.event"
    rest = setup.http.get(f"{PATH}/{job_id}/events", params={"after": page["last_id"]}).json()
    assert [row["message"] for row in rest["data"]] == ["The comparison was created, with the arms base, prompted, rag, fine_tuned, both."]
    assert setup.http.get(f"{PATH}/cmp_gone/events").status_code == 404


def test_a_waiting_and_a_running_comparison_can_be_canceled(setup: Setup) -> None:
    waiting, running = setup.create()["id"], setup.create()["id"]
    with setup.database.session() as session:
        jobs.claim(session, running, "worker", 60)
    assert setup.http.post(f"{PATH}/{waiting}/cancel").json()["status"] == "cancelled"
    assert setup.http.post(f"{PATH}/{waiting}/cancel").json()["status"] == "cancelled"
    assert setup.http.post(f"{PATH}/{running}/cancel").json()["status"] == "running"
    with setup.database.session() as session:
        assert session.get_one(jobs.Job, running).cancel_requested


def test_a_finished_comparison_shows_its_result_and_cannot_be_canceled(setup: Setup) -> None:
    job_id = setup.create()["id"]
    setup.finish(job_id)
    shown = setup.http.get(f"{PATH}/{job_id}").json()
    assert (shown["status"], shown["result"]["verdict"]["text"]) == ("succeeded", "Not settled.")
    assert setup.http.post(f"{PATH}/{job_id}/cancel").status_code == 409


def test_a_result_from_before_looks_is_still_shown(setup: Setup) -> None:
    job_id = setup.create()["id"]
    arm = {"arm": "base", "model": "tiny", "scores": {"f1": 0.5}, "intervals": {"f1": [0.2, 0.8]}, "latency_p50": 0.1, "latency_p95": 0.2}
    old = {**make_result(), "resamples": 10_000, "arms": [{**arm, "prompt_tokens": 9.0, "completion_tokens": 3.0, "cost": 12.0}]}
    with setup.database.session() as session:
        session.get_one(jobs.Job, job_id).result = old
    result = setup.http.get(f"{PATH}/{job_id}").json()["result"]
    assert (result["verdict"]["method"], result["arms"][0]["scores"], result["report_markdown"]) == ("bootstrap", {"f1": 0.5}, None)


def test_deleting_a_comparison_deletes_all_that_belongs_to_it(setup: Setup) -> None:
    job_id = setup.create()["id"]
    names = ("report_json", "report_html", "report_markdown", "bundle")
    reports = {name: setup.retrieval.add_file(b"{}", purpose="evals", name=f"{name}.bin") for name in names}
    setup.finish(job_id, **reports)
    answer = setup.http.delete(f"{PATH}/{job_id}")
    assert answer.json() == {"id": job_id, "object": "comparison.deleted", "deleted": True}
    assert not {file_id for _, file_id in setup.retrieval.files} & set(reports.values())
    with setup.database.session() as session:
        for record in (Answer, ComparisonQuestion, jobs.JobEvent):
            assert session.query(record).filter_by(job_id=job_id).count() == 0
        assert session.get(ComparisonFamily, job_id) is None
    assert setup.http.get(f"{PATH}/{job_id}").status_code == 404
    assert setup.http.delete(f"{PATH}/{job_id}").status_code == 404


def test_deleting_a_running_comparison_ends_its_lease(setup: Setup) -> None:
    job_id = setup.create()["id"]
    with setup.database.session() as session:
        jobs.claim(session, job_id, "worker", 60)
    assert setup.http.delete(f"{PATH}/{job_id}").status_code == 200
    with setup.database.session() as session:
        assert not jobs.renew(session, job_id, "worker", 60)


def test_deleting_a_comparison_deletes_reports_that_no_result_names(setup: Setup) -> None:
    job_id, add = setup.create()["id"], setup.retrieval.add_file
    left = {add(b"{}", purpose="evals", name=f"{job_id}.{ending}") for ending in ("json", "html", "md", "zip")}
    others = {add(b"{}", purpose="evals", name="cmp_other.json"), setup.body["questions_file"]}
    assert setup.http.delete(f"{PATH}/{job_id}").status_code == 200
    files = {file_id for _, file_id in setup.retrieval.files}
    assert not files & left
    assert files >= others


def test_a_comparison_can_be_deleted_after_its_reports(setup: Setup) -> None:
    job_id = setup.create()["id"]
    setup.finish(job_id, report_json="file-gone", report_html="file-gone")
    assert setup.http.delete(f"{PATH}/{job_id}").status_code == 200


def test_comparisons_of_other_projects_cannot_be_seen_or_extended(setup: Setup) -> None:
    job_id = setup.create()["id"]
    setup.finish(job_id)
    with setup.database.session() as session:
        session.get_one(jobs.Job, job_id).project_id = "other"
    assert setup.http.get(f"{PATH}/{job_id}/events").status_code == 404
    error = setup.refuse({"extends": job_id, "questions_file": setup.add_questions(write_questions(4))}, 404)
    assert (error["param"], error["message"]) == ("extends", f"There is no comparison '{job_id}'.")
