"""An eval of OpenAI's is imported: its JSON, as the API returned it, becomes an eval with runs and output items here."""

from typing import Any

import pytest
from openai import OpenAI

from shared.contracts.evals.runs import NamedCriterion, RunSpec
from shared.records import jobs
from shared.records.evaluation.evals import StoredEval, read_spec
from tests.unit.generation.routes.evaluations.eval_setup import COMPLETIONS, ITEM_SCHEMA, EvalSetup

CHECK_ID, JUDGE_ID = "Match-c4fdf789-2fa5-407f-8a41-a6f4f9afd482", "Tone-7e21aa10-9d1f-4f3c-b0de-6c1f8a1d7711"
CHECK = {
    "type": "string_check", "name": "Match", "id": CHECK_ID, "input": "{{sample.output_text}}", "operation": "eq",
    "reference": "{{item.label}}",
}  # fmt: skip
JUDGE = {
    "type": "label_model", "name": "Tone", "id": JUDGE_ID, "model": "gpt-4o", "labels": ["polite", "rude"], "passing_labels": ["polite"],
    "input": [{"type": "message", "role": "user", "content": {"type": "input_text", "text": "{{item.ticket}}"}}],
    "sampling_params": None,
}  # fmt: skip
PYTHON = {"type": "python", "name": "Code", "id": "Code-1", "source": "def grade(sample, item): return 1", "image_tag": None}
SAMPLE_SCHEMA = {"type": "object", "properties": {"model": {"type": "string"}}}
EVAL: dict[str, Any] = {
    "object": "eval", "id": "eval_67b7fa9a81a88190ab4aa417e397ea21", "created_at": 1740110490, "name": "Tickets ü", "metadata": {"a": "b"},
    "created_by": "user-1", "shared_with_openai": False,
    "data_source_config": {
        "type": "custom",
        "schema": {"type": "object", "properties": {"item": ITEM_SCHEMA, "sample": SAMPLE_SCHEMA}, "required": ["item", "sample"]},
    },
    "testing_criteria": [CHECK, JUDGE],
}  # fmt: skip
USAGE = {"completion_tokens": 2, "prompt_tokens": 9, "total_tokens": 11, "cached_tokens": 0, "invocation_count": 2}
RUN: dict[str, Any] = {
    "object": "eval.run", "id": "evalrun_67e0c73eb6d481909f79a457749222c7", "eval_id": EVAL["id"], "created_at": 1740110500, "name": "One",
    "status": "completed", "model": "gpt-4o", "report_url": "https://platform.openai.com/a", "error": None, "metadata": {},
    "data_source": {**COMPLETIONS, "model": "gpt-4o", "sampling_params": {"seed": 42}}, "shared_with_openai": False,
    "result_counts": {"total": 2, "errored": 0, "failed": 1, "passed": 1}, "per_model_usage": [{"model_name": "gpt-4o", **USAGE}],
    "per_testing_criteria_results": [{"testing_criteria": CHECK_ID, "passed": 1, "failed": 1}],
}  # fmt: skip


def item(number: int, status: str, **changes: Any) -> dict[str, Any]:
    return {
        "object": "eval.run.output_item", "id": f"outputitem_{number}", "created_at": 1740110600, "run_id": RUN["id"],
        "eval_id": EVAL["id"], "status": status, "datasource_item_id": number, "datasource_item": {"ticket": "a", "label": "Hardware"},
        "results": [{"name": CHECK_ID, "sample": None, "passed": status == "pass", "score": float(status == "pass")}],
        "sample": {
            "input": [{"role": "user", "content": "a", "tool_calls": None}], "output": [{"role": "assistant", "content": "Hardware"}],
            "finish_reason": "stop", "model": "gpt-4o-2024-08-06", "error": None, "temperature": 1.0, "max_completion_tokens": None,
            "top_p": 1.0, "seed": 42, "usage": {"total_tokens": 11, "completion_tokens": 2, "prompt_tokens": 9, "cached_tokens": 0},
        },
        **changes,
    }  # fmt: skip


def post(evals: EvalSetup, **changes: Any) -> Any:
    body = {"eval": EVAL, "runs": [RUN], "output_items": [item(0, "pass"), item(1, "fail")], **changes}
    return evals.http.post("/v1/evals/import", json=body)


def test_an_eval_is_imported_with_its_runs_and_output_items(evals: EvalSetup) -> None:
    response = post(evals)
    assert response.status_code == 201, response.text
    imported = response.json()
    created, (run,) = imported["eval"], imported["runs"]
    assert (created["name"], created["created_at"], created["metadata"]) == ("Tickets ü", 1740110490, {"a": "b"})
    assert created["data_source_config"]["schema"]["properties"]["item"] == ITEM_SCHEMA
    assert [each["id"] for each in created["testing_criteria"]] == [CHECK_ID, JUDGE_ID]
    assert evals.http.get(f"/v1/evals/{created['id']}").json() == created
    assert (run["imported_id"], run["output_items"], imported["skipped"]) == (RUN["id"], 2, [])
    path = f"/v1/evals/{created['id']}/runs"
    (shown,) = evals.http.get(path).json()["data"]
    same = ("name", "model", "status", "created_at", "data_source", "result_counts", "per_model_usage", "metadata", "error")
    assert {name: shown[name] for name in same} == {name: RUN[name] for name in same}
    assert shown["per_testing_criteria_results"] == [{"testing_criteria": CHECK_ID, "passed": 1, "failed": 1, "errored": 0}]
    items = evals.http.get(f"{path}/{run['id']}/output_items").json()["data"]
    assert [(each["datasource_item_id"], each["status"], each["results"][0]["passed"]) for each in items] == [
        (0, "pass", True), (1, "fail", False),
    ]  # fmt: skip
    assert items[0]["sample"]["output"][0]["content"] == "Hardware"
    assert evals.http.get(shown["report_url"].partition("8000")[2]).status_code == 200
    with evals.database.session() as session:
        job = session.get_one(jobs.Job, run["id"])
        assert job.spec["data_source"]["source"] == {"type": "file_content"}
        spec = RunSpec.model_validate(read_spec(session, job))
        assert spec.criteria[0] == NamedCriterion(id=CHECK_ID, grader=spec.criteria[0].grader)
        assert jobs.list_claimable(session) == []


def test_runs_of_the_same_second_stay_in_the_order_of_the_request(evals: EvalSetup) -> None:
    names = [f"{number}" for number in range(8)]
    first = post(evals, runs=[{**RUN, "id": f"evalrun_{name}", "name": name} for name in names[:5]], output_items=[]).json()
    more = [{**RUN, "id": f"evalrun_{name}", "name": name} for name in names[5:]]
    post(evals, eval=None, eval_id=first["eval"]["id"], runs=more, output_items=[])
    listed = evals.http.get(f"/v1/evals/{first['eval']['id']}/runs").json()["data"]
    assert [run["name"] for run in listed] == names


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"eval": {**EVAL, "created_at": 2**31 - 1}}, "eval.created_at"),
        ({"runs": [RUN, {**RUN, "id": "evalrun_2", "created_at": 2**31 - 1}]}, "runs[1].created_at"),
        ({"output_items": [item(0, "pass", created_at=2**31 - 1)]}, "output_items[0].created_at"),
    ],
)
def test_nothing_is_imported_from_the_future(evals: EvalSetup, changes: dict[str, Any], param: str) -> None:
    response = post(evals, **changes)
    error = response.json()["error"]
    assert (response.status_code, error["param"]) == (400, param)
    assert error["message"] == f"'{param}' must not be in the future; got 2147483647, in seconds since 1970."
    assert evals.http.get("/v1/evals").json()["data"] == []


def test_a_large_eval_is_imported_in_pieces(evals: EvalSetup) -> None:
    first = post(evals, output_items=[item(0, "pass")]).json()
    eval_id, run_id = first["eval"]["id"], first["runs"][0]["id"]
    more = {**RUN, "id": "evalrun_more"}
    pieces = [item(1, "fail", run_id=run_id), item(0, "pass", run_id="evalrun_more")]
    response = post(evals, eval=None, eval_id=eval_id, runs=[more], output_items=pieces)
    assert response.status_code == 201, response.text
    second = response.json()
    assert (second["eval"], len(second["runs"])) == (first["eval"], 2)
    path = f"/v1/evals/{eval_id}/runs"
    assert len(evals.http.get(path).json()["data"]) == 2
    assert [each["datasource_item_id"] for each in evals.http.get(f"{path}/{run_id}/output_items").json()["data"]] == [0, 1]
    again = post(evals, eval=None, eval_id=eval_id, runs=[], output_items=[item(1, "fail", run_id=run_id)])
    assert again.json()["error"]["param"] == "output_items[0].datasource_item_id"


def test_only_imported_runs_of_the_eval_take_output_items(evals: EvalSetup) -> None:
    eval_id = evals.create()["id"]
    own, other = evals.start(eval_id)["id"], post(evals).json()["runs"][0]["id"]
    for run_id, problem in ((own, "ran here"), (other, "that the eval has here")):
        response = post(evals, eval=None, eval_id=eval_id, runs=[], output_items=[item(5, "pass", run_id=run_id)])
        assert (response.status_code, response.json()["error"]["param"]) == (400, "output_items[0].run_id")
        assert problem in response.json()["error"]["message"]
    response = post(evals, eval=None, eval_id="eval_none", output_items=[])
    assert (response.status_code, response.json()["error"]["param"]) == (404, "eval_id")


def test_what_the_sdk_exports_can_be_imported(sdk: OpenAI, evals: EvalSetup) -> None:
    created = evals.create()
    run = evals.start(created["id"])
    evals.add_items(run, ["pass", "fail"])
    evals.finish(run)
    exported: Any = {
        "eval": sdk.evals.retrieve(created["id"]).to_dict(),
        "runs": [each.to_dict() for each in sdk.evals.runs.list(created["id"])],
        "output_items": [each.to_dict() for each in sdk.evals.runs.output_items.list(run["id"], eval_id=created["id"])],
    }
    response = evals.http.post("/v1/evals/import", json=exported)
    assert response.status_code == 201, response.text
    imported = response.json()
    assert {**imported["eval"], "id": created["id"]} == created
    items = sdk.evals.runs.output_items.list(imported["runs"][0]["id"], eval_id=imported["eval"]["id"]).data
    assert [item.to_dict()["sample"] for item in items] == [item["sample"] for item in exported["output_items"]]


def test_the_same_eval_can_be_imported_twice(evals: EvalSetup) -> None:
    first, second = post(evals).json(), post(evals).json()
    assert first["eval"]["id"] != second["eval"]["id"]
    assert first["runs"][0]["id"] != second["runs"][0]["id"]


def test_a_model_of_openai_is_replaced_or_refused_when_a_run_is_started(evals: EvalSetup) -> None:
    kept = post(evals, runs=[], output_items=[]).json()["eval"]
    error = evals.refuse_run(kept["id"], COMPLETIONS)
    assert (error["param"], "'gpt-4o'" in error["message"]) == ("testing_criteria[1].model", True)
    replaced = post(evals, runs=[], output_items=[], models={"gpt-4o": "tiny"}).json()["eval"]
    assert replaced["testing_criteria"][1]["model"] == "tiny"
    assert evals.start(replaced["id"])["status"] == "queued"
    response = post(evals, models={"gpt-4o": "gpt-5"})
    assert (response.status_code, response.json()["error"]["param"]) == (400, "models.gpt-4o")


def test_criteria_that_run_code_are_left_out_and_named(evals: EvalSetup) -> None:
    imported = post(evals, eval={**EVAL, "testing_criteria": [PYTHON, CHECK]}).json()
    assert [each["id"] for each in imported["eval"]["testing_criteria"]] == [CHECK_ID]
    assert imported["skipped"][0]["param"] == "eval.testing_criteria[0]"
    assert "no code" in imported["skipped"][0]["reason"]


def test_an_eval_that_only_runs_code_keeps_its_results_and_starts_no_runs(evals: EvalSetup) -> None:
    imported = post(evals, eval={**EVAL, "testing_criteria": [PYTHON]}).json()
    path = f"/v1/evals/{imported['eval']['id']}/runs"
    assert (imported["eval"]["testing_criteria"], imported["skipped"][0]["param"]) == ([], "eval.testing_criteria[0]")
    assert len(evals.http.get(f"{path}/{imported['runs'][0]['id']}/output_items").json()["data"]) == 2
    assert evals.http.get(evals.http.get(path).json()["data"][0]["report_url"].partition("8000")[2]).status_code == 200
    error = evals.refuse_run(imported["eval"]["id"], COMPLETIONS)
    assert (error["param"], "has no criteria" in error["message"]) == ("eval_id", True)


def test_imported_runs_are_compared_and_deleted_as_others(evals: EvalSetup) -> None:
    runs = [RUN, {**RUN, "id": "evalrun_other", "name": "Two"}]
    rows = [(run, number, number % 2 == 0 or run is runs[1]) for run in runs for number in range(20)]
    items = [
        item(number, "pass" if passed else "fail", run_id=run["id"], datasource_item={"ticket": f"{number} ü", "label": "a"})
        for run, number, passed in rows
    ]
    imported = post(evals, runs=runs, output_items=items).json()
    path, ids = f"/v1/evals/{imported['eval']['id']}", [run["id"] for run in imported["runs"]]
    compared = evals.http.post(f"{path}/compare", json={"run_ids": ids}).json()
    assert (compared["outcome"], compared["best"], compared["items"]) == ("better", ids[1], 20)
    assert evals.http.delete(f"{path}/runs/{ids[0]}").json()["deleted"]
    assert [run["id"] for run in evals.http.get(f"{path}/runs").json()["data"]] == [ids[1]]


@pytest.mark.parametrize("type", ["logs", "stored_completions"])
def test_an_eval_of_stored_answers_is_imported(evals: EvalSetup, type: str) -> None:
    config = {"type": type, "metadata": {"use": "chat"}, "schema": {"type": "object", "properties": {"item": {}, "sample": {}}}}
    imported = post(evals, eval={**EVAL, "data_source_config": config}, runs=[], output_items=[]).json()["eval"]
    assert (imported["data_source_config"]["type"], imported["data_source_config"]["metadata"]) == (type, {"use": "chat"})


def test_what_an_output_item_lacks_is_null(evals: EvalSetup) -> None:
    bare = item(0, "pass", sample={"output": [{"role": "assistant", "content": None}]}, results=[{"name": CHECK_ID, "passed": True}])
    wrapped = item(1, "error", sample=None, datasource_item={"item": {"ticket": "b"}})
    imported = post(evals, output_items=[bare, wrapped]).json()
    path = f"/v1/evals/{imported['eval']['id']}/runs/{imported['runs'][0]['id']}/output_items"
    first, second = evals.http.get(path).json()["data"]
    assert (first["sample"]["model"], first["sample"]["usage"], first["results"][0]["score"]) == ("", None, None)
    assert (second["sample"], second["datasource_item"]) == (None, {"ticket": "b"})


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a time that no column has": ({"eval": {**EVAL, "created_at": 2**31}}, "eval.created_at"),
    "a run that has not ended": ({"runs": [{**RUN, "status": "in_progress"}]}, "runs[0].status"),
    "a run without a source": ({"runs": [{**RUN, "data_source": {}}]}, "runs[0].data_source"),
    "a run whose model is a number": ({"runs": [{**RUN, "data_source": {"type": "completions", "model": 5}}]}, "runs[0].data_source"),
    "a run twice": ({"runs": [RUN, RUN]}, "runs"),
    "an item of another run": ({"output_items": [item(0, "pass", run_id="evalrun_other")]}, "output_items[0].run_id"),
    "two items of one row": ({"output_items": [item(0, "pass"), item(0, "fail")]}, "output_items[1].datasource_item_id"),
    "a result that is none": ({"output_items": [item(0, "pass", results=[{"name": "a"}])]}, "output_items[0].results[0].passed"),
    "a sample that is none": ({"output_items": [item(0, "pass", sample={"output": "a"})]}, "output_items[0].sample.output"),
    "two criteria with one id": ({"eval": {**EVAL, "testing_criteria": [CHECK, {**JUDGE, "id": CHECK_ID}]}}, "eval.testing_criteria[1].id"),
    "a criterion that can never work": (
        {"eval": {**EVAL, "testing_criteria": [{**CHECK, "reference": "{{item.x}}"}]}}, "eval.testing_criteria[0].reference",
    ),
    "a data source of another kind": ({"eval": {**EVAL, "data_source_config": {"type": "web"}}}, "eval.data_source_config.type"),
    "a schema that is none": (
        {"eval": {**EVAL, "data_source_config": {"type": "custom", "schema": {"properties": {"item": {"type": "text"}}}}}},
        "eval.data_source_config.schema",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_an_import_that_is_wrong_stores_nothing(evals: EvalSetup, case: str) -> None:
    changes, param = REFUSED[case]
    response = post(evals, **changes)
    assert (response.status_code, response.json()["error"]["param"]) == (400, param), response.text
    for neither_or_both in ({"eval": None}, {"eval_id": "eval_1"}):
        assert "Send either 'eval' or 'eval_id'." in post(evals, **neither_or_both).json()["error"]["message"]
    with evals.database.session() as session:
        assert session.query(StoredEval).count() == 0
        assert session.query(jobs.Job).count() == 0
