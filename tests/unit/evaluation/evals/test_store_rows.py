import json
from typing import Any

import pytest

from shared.errors import InvalidDataset, NotFound
from shared.records.database import Database
from tests.unit.evaluation.evals.cases import (
    Killed,
    ScriptedApi,
    claim,
    complete,
    evaluate,
    grade_rows,
    make_spec,
    read_items,
    respond,
    run,
    submit,
)

SAME = {"type": "string_check", "name": "same", "input": "{{sample.output_text}}", "operation": "eq", "reference": "{{item.answer}}"}
FROM_FILE = {"type": "jsonl", "source": {"type": "file_id", "id": "file-1"}}


def write(*rows: dict[str, Any]) -> dict[str, bytes]:
    return {"file-1": "".join(json.dumps(row) + "\n" for row in rows).encode()}


def test_rows_with_answers_of_any_shape_are_graded_as_they_are(database: Database) -> None:
    samples = [complete("Paris"), respond("Paris"), {"output_text": "Paris"}, {"output_text": "Rome"}]
    rows = [{"item": {"answer": "Paris"}, "sample": sample} for sample in samples]
    api = ScriptedApi(files=write(*rows))
    for data_source in (grade_rows(*rows), FROM_FILE):
        result, items = evaluate(database, api, make_spec(data_source, SAME))
        assert ([item.status for item in items], api.calls) == (["pass"] * 3 + ["fail"], [])
        assert (result.per_model_usage, [item.grading for item in items]) == ([], [None] * 4)
        assert [(item.sample or {})["output"] for item in items][:3] == [[{"role": "assistant", "content": "Paris"}]] * 3


def test_a_run_that_asks_a_model_ignores_the_answers_of_its_rows(database: Database) -> None:
    rows = [{"item": {"answer": "Paris"}, "sample": {"output_text": "Rome"}}]
    messages = {"type": "template", "template": [{"role": "user", "content": "Where?"}]}
    source = {**grade_rows(*rows), "type": "completions", "model": "small", "input_messages": messages}
    result, _ = evaluate(database, ScriptedApi(), make_spec(source, SAME))
    assert result.result_counts.passed == 1


def test_a_wrong_line_fails_the_run_before_anything_is_asked_or_graded(database: Database) -> None:
    api = ScriptedApi(files=write({"item": {"answer": "Paris"}}, {"item": {"answer": 3}}))
    schema = {"type": "object", "properties": {"answer": {"type": "string"}}}
    with pytest.raises(InvalidDataset, match=r"^Line 2: 'item\.answer' must have the type 'string'"):
        evaluate(database, api, make_spec(FROM_FILE, SAME, item_schema=schema))
    assert api.calls == []


def test_a_line_with_the_fields_of_an_item_alone_says_what_it_must_be(database: Database) -> None:
    with pytest.raises(InvalidDataset, match=r"^Line 1: the (line|row) must have its fields in 'item': \{\"item\": \{…\}\}\.$"):
        evaluate(database, ScriptedApi(files=write({"answer": "Paris"})), make_spec(FROM_FILE, SAME))


def test_a_file_that_is_gone_fails_the_run(database: Database) -> None:
    with pytest.raises(NotFound, match="There is no file 'file-1'"):
        evaluate(database, ScriptedApi(), make_spec(FROM_FILE, SAME))


def test_a_run_that_is_taken_over_needs_its_file_no_more_once_all_rows_are_stored(database: Database) -> None:
    api = ScriptedApi(files=write(*({"item": {"answer": "Paris"}} for _ in range(4))), dies_at=1)
    messages = {"type": "template", "template": [{"role": "user", "content": "Where?"}]}
    job_id = submit(database, make_spec({**FROM_FILE, "type": "completions", "model": "small", "input_messages": messages}, SAME))
    with pytest.raises(BaseException) as end:  # a group, or the end itself
        run(database, api, claim(database, job_id))
    assert "Killed" in repr(end.value)
    next_worker = claim(database, job_id, "second worker")
    assert (next_worker.job.stage, next_worker.job.percent) == ("evaluating 0/4", 5.0)
    api.dies_at, api.files = None, {}
    assert run(database, api, next_worker).result_counts.passed == 4


def test_reading_continues_behind_the_rows_that_are_stored(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.evaluation.evals.store_rows.MAX_ROWS", 2)
    rows = [{"item": {"answer": str(number)}, "sample": {"output_text": str(number)}} for number in range(7)]
    api = ScriptedApi(files=write(*rows))
    job_id = submit(database, make_spec(FROM_FILE, SAME))
    context, batches = claim(database, job_id), iter(range(3))
    write_rows = context.write

    def die_at_the_third(change: Any) -> None:
        if next(batches) == 2:
            raise Killed
        write_rows(change)

    monkeypatch.setattr(context, "write", die_at_the_third)
    with pytest.raises(Killed):
        run(database, api, context)
    before = {item.number: item.id for item in read_items(database, job_id)}
    assert list(before) == [0, 1, 2, 3]
    assert run(database, api, claim(database, job_id)).result_counts.passed == 7
    items = read_items(database, job_id)
    assert [item.item for item in items] == [row["item"] for row in rows]
    assert [item.id for item in items[:4]] == list(before.values())


def test_items_of_ten_megabytes_are_stored_one_by_one(database: Database) -> None:
    text = "x" * 10 * 1024 * 1024
    rows = [{"item": {"answer": text}, "sample": {"output_text": text}}, {"item": {"answer": "b"}, "sample": {"output_text": text}}]
    result, items = evaluate(database, ScriptedApi(files=write(*rows)), make_spec(FROM_FILE, SAME))
    assert (result.result_counts.passed, result.result_counts.failed) == (1, 1)
    assert items[0].item == {"answer": text}
