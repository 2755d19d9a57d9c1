"""Runs of evals over HTTP: checked, stored for the worker, listed, canceled and deleted."""

from typing import Any

import pytest

from shared.contracts.evals.runs import RunSpec
from shared.records import jobs
from shared.records.evaluation import evals as records
from shared.records.evaluation.evals import EvalOutputItem
from tests.unit.generation.routes.evaluations.eval_setup import COMPLETIONS, ITEM_SCHEMA, JSONL, ROWS, STORED, EvalSetup


def read_spec(evals: EvalSetup, run_id: str) -> RunSpec:
    with evals.database.session() as session:
        return RunSpec.model_validate(records.read_spec(session, session.get_one(jobs.Job, run_id)))


def test_a_run_is_stored_for_the_worker_and_shown_as_queued(evals: EvalSetup) -> None:
    created = evals.create()
    run = evals.start(created["id"], name="Erster", metadata={"try": "1"})
    assert run["id"].startswith("evalrun_")
    assert {**run, "id": "", "created_at": 0, "report_url": ""} == {
        "id": "", "object": "eval.run", "created_at": 0, "eval_id": created["id"], "name": "Erster", "model": "tiny", "status": "queued",
        "data_source": COMPLETIONS, "error": None, "metadata": {"try": "1"}, "per_model_usage": None, "per_testing_criteria_results": None,
        "report_url": "", "result_counts": {"total": 0, "passed": 0, "failed": 0, "errored": 0}, "stage": "queued", "percent": 0.0,
        "pass_rate": None,
    }  # fmt: skip
    spec = read_spec(evals, run["id"])
    assert (spec.eval_id, spec.item_schema, spec.criteria[0].id) == (created["id"], ITEM_SCHEMA, created["testing_criteria"][0]["id"])
    assert evals.http.get(f"/v1/evals/{created['id']}/runs/{run['id']}").json() == run


def test_the_rows_of_a_request_come_back_but_are_no_part_of_the_job_that_each_renewal_of_the_lease_writes(evals: EvalSetup) -> None:
    eval_id = evals.create()["id"]
    run, stored = evals.start(eval_id), evals.start(eval_id, {**COMPLETIONS, "source": {"type": "file_content", "content": ROWS[:1]}})
    with evals.database.session() as session:
        assert session.get_one(jobs.Job, run["id"]).spec["data_source"]["source"] == {"type": "file_content"}
    path = f"/v1/evals/{eval_id}/runs"
    assert [each["data_source"]["source"]["content"] for each in evals.http.get(path).json()["data"]] == [ROWS, ROWS[:1]]
    for shown in (evals.http.get(f"{path}/{run['id']}"), evals.http.post(f"{path}/{run['id']}/cancel")):
        assert shown.json()["data_source"] == COMPLETIONS
    evals.http.delete(f"{path}/{run['id']}")
    assert [each["id"] for each in evals.http.get(path).json()["data"]] == [stored["id"]]


def test_a_run_whose_rows_are_in_its_job_as_before_is_shown_with_them(evals: EvalSetup) -> None:
    eval_id = evals.create()["id"]
    run = evals.start(eval_id)
    with evals.database.session() as session:
        job, link = session.get_one(jobs.Job, run["id"]), session.get_one(records.EvalRun, run["id"])
        job.spec, link.content = {**job.spec, "data_source": COMPLETIONS}, None
    assert evals.http.get(f"/v1/evals/{eval_id}/runs/{run['id']}").json() == run
    assert evals.http.get(f"/v1/evals/{eval_id}/runs").json()["data"] == [run]


def test_a_page_of_runs_with_many_rows_is_shorter(evals: EvalSetup, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.records.large_rows.MAX_BYTES", 5000)
    eval_id = evals.create()["id"]
    rows = [{"item": {"ticket": "x" * 3000, "label": "a"}}]
    large = {**COMPLETIONS, "source": {"type": "file_content", "content": rows}}
    ids = [evals.start(eval_id, large)["id"] for _ in range(3)]
    assert read_pages(evals, f"/v1/evals/{eval_id}/runs") == [[id] for id in ids]
    assert read_pages(evals, f"/v1/evals/{eval_id}/runs", order="desc") == [[id] for id in reversed(ids)]


def read_pages(evals: EvalSetup, path: str, **query: str) -> list[list[str]]:
    """Return the ids of each page of a list, as a client follows it."""
    pages, has_more = list[list[str]](), True
    while has_more:
        page = evals.http.get(path, params={**query, **({"after": pages[-1][-1]} if pages else {})}).json()
        has_more = page["has_more"]
        pages.append([each["id"] for each in page["data"]])
    return pages


def test_runs_of_the_same_second_are_listed_in_the_order_of_their_creation(evals: EvalSetup) -> None:
    eval_id = evals.create()["id"]
    ids = [evals.start(eval_id)["id"] for _ in range(8)]
    with evals.database.session() as session:
        for id in ids:
            session.get_one(jobs.Job, id).created_at = 1000
    path = f"/v1/evals/{eval_id}/runs"
    assert [run["id"] for run in evals.http.get(path).json()["data"]] == ids
    assert [run["id"] for run in evals.http.get(path, params={"after": ids[2], "limit": 3}).json()["data"]] == ids[3:6]
    assert [run["id"] for run in evals.http.get(path, params={"after": ids[2], "order": "desc"}).json()["data"]] == ids[1::-1]


def test_a_run_without_a_name_is_named_after_its_model(evals: EvalSetup) -> None:
    assert evals.start(evals.create()["id"])["name"].startswith("tiny 2")
    assert evals.start(evals.create()["id"], JSONL)["name"].startswith("jsonl 2")


@pytest.mark.parametrize("run", [JSONL, {**JSONL, "type": "completions"}, {**JSONL, "type": "responses"}])
def test_answers_in_the_rows_are_graded_as_they_are(evals: EvalSetup, run: dict[str, Any]) -> None:
    started = evals.start(evals.create()["id"], run)
    assert (started["model"], started["data_source"]) == (None, run)


def test_a_run_of_stored_answers_ends_with_those_of_its_own_time(evals: EvalSetup) -> None:
    created = evals.create(data_source_config={"type": "logs", "metadata": {"team": "red"}})
    run = evals.start(created["id"], STORED)
    spec = read_spec(evals, run["id"])
    assert (spec.item_schema, spec.config_metadata) == (None, {"team": "red"})
    assert run["created_at"] - 5 <= run["data_source"]["source"].pop("created_before") <= run["created_at"]
    assert run["data_source"] == STORED
    asked = {**STORED, "model": "tiny", "input_messages": {"type": "item_reference", "item_reference": "item.input"}}
    earlier = {**asked, "source": {**STORED["source"], "created_before": 7}}
    assert evals.start(created["id"], earlier)["data_source"] == earlier
    responses = {"type": "responses", "source": {"type": "responses", "model": "tiny", "limit": 5}}
    assert evals.start(created["id"], responses)["data_source"]["source"]["limit"] == 5


def test_the_counts_of_a_run_grow_while_it_is_in_progress(evals: EvalSetup) -> None:
    eval_id = evals.create()["id"]
    run = evals.start(eval_id)
    evals.add_items(run, ["pass", "fail", "error", "pass", None])
    with evals.database.session() as session:
        assert jobs.claim(session, run["id"], "worker", 600)
        jobs.set_progress(session, run["id"], "worker", "answering", 40)
    path = f"/v1/evals/{eval_id}/runs"
    shown = evals.http.get(f"{path}/{run['id']}").json()
    assert (shown["status"], shown["stage"], shown["percent"]) == ("in_progress", "answering", 40.0)
    assert shown["result_counts"] == {"total": 4, "passed": 2, "failed": 1, "errored": 1}
    assert shown["per_testing_criteria_results"] is None
    assert evals.http.get(path).json()["data"] == [shown]


def test_a_completed_run_has_its_results_and_a_failed_one_its_error(evals: EvalSetup) -> None:
    eval_id = evals.create()["id"]
    done, failed = evals.start(eval_id), evals.start(eval_id)
    evals.finish(done)
    evals.finish(failed, "failed")
    shown = evals.http.get(f"/v1/evals/{eval_id}/runs/{done['id']}").json()
    assert (shown["status"], shown["stage"], shown["error"]) == ("completed", "completed", None)
    assert shown["result_counts"] == {"total": 3, "passed": 1, "failed": 1, "errored": 1}
    assert shown["per_testing_criteria_results"] == [{"testing_criteria": "Same label-1", "passed": 1, "failed": 1, "errored": 1}]
    assert shown["per_model_usage"][0]["model_name"] == "tiny"
    assert shown["pass_rate"] == {"rate": 0.5, "low": 0.1, "high": 0.9, "items": 2}
    shown = evals.http.get(f"/v1/evals/{eval_id}/runs/{failed['id']}").json()
    assert (shown["status"], shown["error"]) == ("failed", {"code": "unavailable", "message": "The engine does not respond."})


@pytest.mark.parametrize("cancel", ["/cancel", ""])
def test_a_run_is_canceled_at_both_paths(evals: EvalSetup, cancel: str) -> None:
    eval_id = evals.create()["id"]
    waiting, running, done = (evals.start(eval_id) for _ in range(3))
    evals.finish(done)
    with evals.database.session() as session:
        assert jobs.claim(session, running["id"], "worker", 600)
    path = f"/v1/evals/{eval_id}/runs"
    for _ in range(2):
        canceled = evals.http.post(f"{path}/{waiting['id']}{cancel}").json()
        assert (canceled["status"], canceled["stage"], canceled["error"]) == ("canceled", "canceled", None)
    assert evals.http.post(f"{path}/{running['id']}{cancel}").json()["status"] == "in_progress"
    with evals.database.session() as session:
        assert session.get_one(jobs.Job, running["id"]).cancel_requested
        assert jobs.finish(session, running["id"], "worker", "cancelled")
    assert evals.http.get(f"{path}/{running['id']}").json()["status"] == "canceled"
    response = evals.http.post(f"{path}/{done['id']}{cancel}")
    assert response.status_code == 409
    assert response.json()["error"]["message"] == f"The run '{done['id']}' cannot be canceled; it has already completed."


def test_runs_are_listed_by_their_status(evals: EvalSetup) -> None:
    eval_id = evals.create()["id"]
    queued, running, done, failed, canceled = (evals.start(eval_id)["id"] for _ in range(5))
    evals.start(evals.create()["id"])  # of another eval
    for run_id, status in ((done, "succeeded"), (failed, "failed"), (canceled, "cancelled")):
        evals.finish({"id": run_id}, status)
    with evals.database.session() as session:
        assert jobs.claim(session, running, "worker", 600)
    path = f"/v1/evals/{eval_id}/runs"
    expected = {"queued": queued, "in_progress": running, "completed": done, "failed": failed, "canceled": canceled}
    for status, run_id in expected.items():
        assert [run["id"] for run in evals.http.get(path, params={"status": status}).json()["data"]] == [run_id]
    assert {run["id"] for run in evals.http.get(path).json()["data"]} == set(expected.values())
    assert evals.http.get(path, params={"status": "cancelled"}).json()["error"]["param"] == "status"


def test_deleting_a_run_deletes_its_output_items_and_stops_it(evals: EvalSetup) -> None:
    eval_id = evals.create()["id"]
    run, other = evals.start(eval_id), evals.start(eval_id)
    for each in (run, other):
        evals.add_items(each, ["pass"])
    with evals.database.session() as session:
        assert jobs.claim(session, run["id"], "worker", 600)
    path = f"/v1/evals/{eval_id}/runs/{run['id']}"
    assert evals.http.delete(path).json() == {"run_id": run["id"], "object": "eval.run.deleted", "deleted": True}
    with evals.database.session() as session:
        assert not jobs.renew(session, run["id"], "worker", 600)
        assert [row.job_id for row in session.query(EvalOutputItem)] == [other["id"]]
    for method, below in (("DELETE", ""), ("GET", ""), ("POST", "/cancel"), ("GET", "/output_items")):
        response = evals.http.request(method, path + below)
        assert (response.status_code, response.json()["error"]["param"]) == (404, "run_id")


def test_a_run_of_another_eval_is_not_found(evals: EvalSetup) -> None:
    run, other = evals.start(evals.create()["id"]), evals.create()
    for method, below in (("GET", ""), ("POST", ""), ("POST", "/cancel"), ("DELETE", ""), ("GET", "/output_items")):
        response = evals.http.request(method, f"/v1/evals/{other['id']}/runs/{run['id']}{below}")
        assert (response.status_code, response.json()["error"]["param"]) == (404, "run_id")


def test_a_page_of_large_output_items_is_shorter_and_a_single_one_is_never_too_large(
    evals: EvalSetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.records.large_rows.MAX_BYTES", 4000)
    eval_id = evals.create()["id"]
    run = evals.start(eval_id)
    ids = evals.add_items(run, ["pass"] * 5)
    with evals.database.session() as session:
        for number, size in enumerate((10, 10, 5000, 2000, 10)):
            session.get_one(EvalOutputItem, (run["id"], number)).item = {"text": "x" * size}
    path = f"/v1/evals/{eval_id}/runs/{run['id']}/output_items"
    assert read_pages(evals, path) == [ids[:2], [ids[2]], ids[3:]]
    page = evals.http.get(path, params={"before": ids[2]}).json()
    assert [item["id"] for item in page["data"]] == ids[:2]


def test_output_items_are_listed_in_the_order_of_the_data(evals: EvalSetup) -> None:
    eval_id = evals.create()["id"]
    run = evals.start(eval_id)
    ids = evals.add_items(run, ["pass", "fail", "error", None, "pass"])
    path = f"/v1/evals/{eval_id}/runs/{run['id']}/output_items"
    complete = [ids[0], ids[1], ids[2], ids[4]]
    assert [item["id"] for item in evals.http.get(path).json()["data"]] == complete
    assert [item["id"] for item in evals.http.get(path, params={"order": "desc"}).json()["data"]] == complete[::-1]
    for status, expected in (("pass", [ids[0], ids[4]]), ("fail", [ids[1]]), ("error", [ids[2]])):
        assert [item["id"] for item in evals.http.get(path, params={"status": status}).json()["data"]] == expected
    page = evals.http.get(path, params={"limit": 1, "after": ids[0]}).json()
    assert ([item["id"] for item in page["data"]], page["has_more"]) == ([ids[1]], True)
    item = evals.http.get(f"{path}/{ids[0]}").json()
    assert (item["run_id"], item["eval_id"], item["datasource_item_id"], item["status"]) == (run["id"], eval_id, 0, "pass")
    assert item["datasource_item"]["label"] == "Hardware"
    for unknown in (ids[3], "outputitem_none"):
        response = evals.http.get(f"{path}/{unknown}")
        assert (response.status_code, response.json()["error"]["param"]) == (404, "output_item_id")
