"""Evals over HTTP: what is stored and shown, and what is refused, with the field that is wrong."""

import json
import time
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from shared.records import jobs
from shared.records.evaluation.evals import EvalOutputItem, EvalRun, StoredEval
from tests.unit.generation.routes.evaluations.eval_setup import CHECK, CONFIG, ITEM_SCHEMA, EvalSetup

JUDGE: dict[str, Any] = {
    "type": "label_model", "name": "Kind", "model": "tiny", "labels": ["good", "bad"], "passing_labels": ["good"],
    "input": [{"role": "user", "content": "{{item.ticket}}: {{sample.output_text}}"}],
}  # fmt: skip
SIMILAR: dict[str, Any] = {
    "type": "text_similarity", "name": "Close", "input": "{{sample.output_text}}", "reference": "{{item.label}}",
    "evaluation_metric": "fuzzy_match",
}  # fmt: skip


def test_an_eval_comes_back_with_the_schema_of_its_rows_and_ids_of_its_criteria(evals: EvalSetup) -> None:
    created = evals.create(metadata={"team": "ü"}, testing_criteria=[CHECK, JUDGE])
    assert created["id"].startswith("eval_")
    config = created["data_source_config"]
    assert (config["type"], config["schema"]["properties"]["item"], config["schema"]["required"]) == (
        "custom", ITEM_SCHEMA, ["item", "sample"],
    )  # fmt: skip
    first, second = created["testing_criteria"]
    assert {name: value for name, value in first.items() if name != "id"} == CHECK
    assert (first["id"].startswith("Same label-"), second["id"].startswith("Kind-")) == (True, True)
    assert (created["name"], created["metadata"], created["object"]) == ("Tickets", {"team": "ü"}, "eval")
    assert evals.http.get(f"/v1/evals/{created['id']}").json() == created


def test_an_eval_without_answers_has_no_sample_in_its_schema(evals: EvalSetup) -> None:
    check = {**CHECK, "input": "{{item.ticket}}"}
    created = evals.create(data_source_config={"type": "custom", "item_schema": ITEM_SCHEMA}, testing_criteria=[check])
    assert created["data_source_config"]["schema"] == {"type": "object", "properties": {"item": ITEM_SCHEMA}, "required": ["item"]}


@pytest.mark.parametrize("type", ["logs", "stored_completions"])
def test_an_eval_of_stored_answers_shows_its_metadata(evals: EvalSetup, type: str) -> None:
    created = evals.create(data_source_config={"type": type, "metadata": {"use": "chat"}}, testing_criteria=[JUDGE])
    config = created["data_source_config"]
    assert (config["type"], config["metadata"], config["schema"]["required"]) == (type, {"use": "chat"}, ["item", "sample"])
    assert "metadata" not in evals.create(data_source_config={"type": type})["data_source_config"]


def test_what_a_schema_has_that_is_null_is_kept(evals: EvalSetup) -> None:
    schema = {"type": "object", "properties": {"label": {"default": None}, "ticket": {"enum": [None, "a"]}}}
    shown = evals.create(data_source_config={**CONFIG, "item_schema": schema})["data_source_config"]["schema"]
    assert shown["properties"]["item"] == schema


def test_the_name_and_the_metadata_of_an_eval_can_be_changed(evals: EvalSetup) -> None:
    created = evals.create(metadata={"team": "red"})
    path = f"/v1/evals/{created['id']}"
    renamed = evals.http.post(path, json={"name": "Neu"}).json()
    assert (renamed["name"], renamed["metadata"]) == ("Neu", {"team": "red"})
    assert evals.http.post(path, json={"metadata": {"team": "blue"}}).json() == {**renamed, "metadata": {"team": "blue"}}
    assert evals.http.post(path, json={"metadata": None}).json()["metadata"] is None
    assert evals.http.post("/v1/evals/eval_none", json={"name": "a"}).status_code == 404
    assert evals.refuse(path, {"testing_criteria": []})["param"] == "testing_criteria"


def test_an_eval_without_a_name_gets_one(evals: EvalSetup) -> None:
    assert evals.create(name=None)["name"].startswith("custom 2")


def test_evals_can_be_ordered_by_their_last_change(evals: EvalSetup) -> None:
    first, second = (evals.create(name=name)["id"] for name in ("a", "b"))
    with evals.database.session() as session:
        session.get_one(StoredEval, first).created_at -= 10
        session.get_one(StoredEval, second).updated_at -= 20
    assert [each["id"] for each in evals.http.get("/v1/evals").json()["data"]] == [first, second]
    ordered = evals.http.get("/v1/evals", params={"order_by": "updated_at"}).json()
    assert [each["id"] for each in ordered["data"]] == [second, first]


def test_evals_of_the_same_second_are_listed_in_the_order_of_their_creation(evals: EvalSetup) -> None:
    ids = [evals.create(name=str(number))["id"] for number in range(8)]
    with evals.database.session() as session:
        for id in ids:
            row = session.get_one(StoredEval, id)
            row.created_at = row.updated_at = 1000
    for order_by in ("created_at", "updated_at"):
        listed = evals.http.get("/v1/evals", params={"order_by": order_by, "order": "desc"}).json()["data"]
        assert [each["id"] for each in listed] == ids[::-1]
        listed = evals.http.get("/v1/evals", params={"order_by": order_by, "after": ids[2], "limit": 2}).json()["data"]
        assert [each["id"] for each in listed] == ids[3:5]


def test_references_of_a_schema_lead_to_the_same_in_the_schema_of_the_rows(evals: EvalSetup) -> None:
    text = {"type": "string", "minLength": 1}
    schema: dict[str, Any] = {
        "type": "object",
        "$defs": {"text": text, "tree": {"type": "object", "properties": {"in": {"$ref": "#"}, "$ref": {"$ref": "#/$defs/text"}}}},
        "properties": {"ticket": {"$ref": "#/$defs/text"}, "label": {"enum": [{"$ref": "#/$defs/text"}]}, "rest": {"$ref": "#/$defs/tree"}},
    }
    created = evals.create(data_source_config={**CONFIG, "item_schema": schema}, testing_criteria=[{**CHECK, "reference": "a"}])
    shown = created["data_source_config"]["schema"]
    item = shown["properties"]["item"]
    assert item["properties"]["ticket"] == {"$ref": "#/properties/item/$defs/text"}
    assert item["properties"]["label"] == schema["properties"]["label"]
    assert item["$defs"]["tree"]["properties"] == {"in": {"$ref": "#/properties/item"}, "$ref": {"$ref": "#/properties/item/$defs/text"}}
    validator = Draft202012Validator(shown)
    row: dict[str, Any] = {"item": {"ticket": "a", "rest": {"in": {"ticket": "b"}}}, "sample": {}}
    assert validator.is_valid(row)
    row["item"]["rest"]["in"]["ticket"] = ""
    assert not validator.is_valid(row)
    imported = evals.http.post("/v1/evals/import", json={"eval": created}).json()["eval"]
    assert imported["data_source_config"]["schema"] == shown
    with evals.database.session() as session:
        assert session.get_one(StoredEval, imported["id"]).data_source_config["item_schema"] == schema


REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "an unknown field of the item": (
        {"testing_criteria": [{**CHECK, "reference": "{{item.labels}}"}]},
        "testing_criteria[0].reference",
        "their fields are label, ticket",
    ),
    "a filter of Jinja": (
        {"testing_criteria": [{**CHECK, "reference": "{{ item.label|upper }}"}]},
        "testing_criteria[0].reference",
        "uses '{{ item.label|upper }}', which the items do not have",
    ),
    "a namespace that does not exist": (
        {"testing_criteria": [{**CHECK, "reference": "{{row.label}}"}]},
        "testing_criteria[0].reference",
        "must begin with 'item.' or 'sample.'",
    ),
    "an answer that no run has": (
        {"data_source_config": {"type": "custom", "item_schema": ITEM_SCHEMA}},
        "testing_criteria[0].input",
        "Set 'data_source_config.include_sample_schema' to true",
    ),
    "an answer that no run has, inside a multi": (
        {
            "data_source_config": {"type": "custom", "item_schema": ITEM_SCHEMA},
            "testing_criteria": [{"type": "multi", "name": "m", "graders": {"a": CHECK}, "calculate_output": "a", "pass_threshold": 1}],
        },
        "testing_criteria[0].graders.a.input",
        "this eval has no answers",
    ),
    "a similarity without a threshold": ({"testing_criteria": [CHECK, SIMILAR]}, "testing_criteria[1].pass_threshold", "is required"),
    "a formula without bounds and threshold": (
        {"testing_criteria": [{"type": "multi", "name": "m", "graders": {"a": SIMILAR}, "calculate_output": "1 / a"}]},
        "testing_criteria[0].pass_threshold",
        "is required",
    ),
    "a threshold that no score reaches": (
        {"testing_criteria": [{**SIMILAR, "pass_threshold": 75}]},
        "testing_criteria[0].pass_threshold",
        "must be between 0 and 1, the range of the scores of",
    ),
    "code": ({"testing_criteria": [{"type": "python", "name": "p", "source": "1"}]}, "testing_criteria[0].type", "run no code here"),
    "a type that does not exist": (
        {"testing_criteria": [{**CHECK, "type": "regex"}]},
        "testing_criteria[0].type",
        "'contains', 'numeric', 'json_schema', 'abstention', 'multi'; got 'regex'",
    ),
    "a model that does not exist": (
        {"testing_criteria": [{**JUDGE, "model": "gpt-4o"}]}, "testing_criteria[0].model", "The model 'gpt-4o' does not exist",
    ),
    "a label that is none": ({"testing_criteria": [{**JUDGE, "passing_labels": ["fine"]}]}, "testing_criteria[0].passing_labels", "'fine'"),
    "no criteria": ({"testing_criteria": []}, "testing_criteria", "must not be empty"),
    "a schema that is none": (
        {"data_source_config": {**CONFIG, "item_schema": {"type": "text"}}}, "data_source_config.item_schema", "must be a JSON Schema",
    ),
    "a schema of lists": (
        {"data_source_config": {**CONFIG, "item_schema": {"type": "array"}}}, "data_source_config.item_schema", "must have the type",
    ),
    "a schema of elsewhere": (
        {"data_source_config": {**CONFIG, "item_schema": {"$ref": "http://169.254.169.254/a"}}},
        "data_source_config.item_schema",
        "no other document is read",
    ),
    "no data source": ({"data_source_config": None}, "data_source_config", "must be an object"),
    "a data source that does not exist": ({"data_source_config": {"type": "web"}}, "data_source_config.type", "'web'"),
    "metadata that is no text": ({"metadata": {"a": 1}}, "metadata.a", "must be a string"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_an_eval_that_can_never_work_is_refused(evals: EvalSetup, case: str) -> None:
    changes, param, problem = REFUSED[case]
    error = evals.refuse_eval(**changes)
    assert (error["param"], error["type"]) == (param, "invalid_request_error")
    assert problem in error["message"]


def test_a_type_of_criterion_that_is_refused_is_not_among_those_that_a_message_lists(evals: EvalSetup) -> None:
    for criterion in ({**CHECK, "type": "regex"}, {"name": "a"}):
        message = evals.refuse_eval(testing_criteria=[criterion])["message"]
        assert ("'label_model', 'exact_match'" in message, "python" in message) == (True, False)


def test_braces_that_are_no_template_stay_as_they_are(evals: EvalSetup) -> None:
    odd = "{{ item.label }} {{}} {{ item. }} {% for x in y %} {{ 7*7 }} }}{{ {{item.label}"
    shown = evals.create(testing_criteria=[{**CHECK, "reference": odd}])["testing_criteria"][0]
    assert shown["reference"] == odd


def _nest(levels: int) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(levels):
        schema = {"type": "object", "properties": {"a": schema}}
    return schema


HOSTILE: dict[str, Any] = {
    "itself": {"$ref": "#"},
    "a circle": {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}},
    "many ways": {"allOf": [{"$ref": "#/$defs/a0"}], "$defs": {f"a{n}": {"allOf": [{"$ref": f"#/$defs/a{n + 1}"}] * 2} for n in range(40)}},
    "a slow pattern": {"type": "object", "properties": {"ticket": {"pattern": "^(a+)+$"}}},
    "deep": _nest(60),
    "wide": {"type": "object", "properties": {f"p{n}": {"type": "string"} for n in range(4000)}},
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_schema_costs_a_bounded_time(evals: EvalSetup, name: str) -> None:
    started = time.monotonic()
    body = {"data_source_config": {**CONFIG, "item_schema": HOSTILE[name]}, "testing_criteria": [{**CHECK, "reference": "a"}]}
    created = evals.http.post("/v1/evals", json=body)
    if created.status_code == 201:
        rows = [{"item": {"ticket": "a" * 5000 + "!", "label": "b", "a": {"a": 1}}}] * 300
        run = {"type": "jsonl", "source": {"type": "file_content", "content": [{**row, "sample": {"output_text": "x"}} for row in rows]}}
        response = evals.http.post(f"/v1/evals/{created.json()['id']}/runs", json={"data_source": run})
        assert response.status_code in (201, 400), response.text
    else:
        assert created.json()["error"]["param"] == "data_source_config.item_schema"
    assert time.monotonic() - started < 120


def test_a_schema_of_10_megabytes_is_refused(evals: EvalSetup) -> None:
    schema = {"type": "object", "properties": {f"p{n}": {"description": "x" * 500} for n in range(18_000)}}
    assert len(json.dumps(schema)) > 9_000_000
    error = evals.refuse_eval(data_source_config={**CONFIG, "item_schema": schema})
    assert error["param"] == "data_source_config.item_schema"
    assert "10,000 keywords" in error["message"]


def test_deleting_an_eval_deletes_its_runs_and_stops_them(evals: EvalSetup) -> None:
    created = evals.create()
    waiting, running = evals.start(created["id"]), evals.start(created["id"])
    evals.add_items(running, ["pass", "fail"])
    with evals.database.session() as session:
        assert jobs.claim(session, running["id"], "worker", 600)
    response = evals.http.delete(f"/v1/evals/{created['id']}")
    assert response.json() == {"eval_id": created["id"], "object": "eval.deleted", "deleted": True}
    with evals.database.session() as session:
        assert not jobs.renew(session, running["id"], "worker", 600)
        for run in (waiting, running):
            assert session.get(jobs.Job, run["id"]) is None
            for record in (EvalRun, EvalOutputItem, jobs.JobEvent):
                assert session.query(record).filter_by(job_id=run["id"]).count() == 0
    for method, path in (("GET", ""), ("DELETE", ""), ("GET", "/runs"), ("GET", f"/runs/{waiting['id']}")):
        response = evals.http.request(method, f"/v1/evals/{created['id']}{path}")
        assert (response.status_code, response.json()["error"]["param"]) == (404, "eval_id")
