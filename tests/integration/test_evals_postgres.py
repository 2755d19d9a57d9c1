"""Runs of evals in PostgreSQL: stored answers are found as in SQLite, and only the worker that holds a run changes it."""

from collections.abc import Iterator

import pytest

from shared.records import MIGRATIONS
from shared.records.database import Database, migrate
from shared.workers.job_context import JobInterrupted
from tests.unit.evaluation.evals.cases import (
    IS_PARIS,
    JUDGED,
    ScriptedApi,
    ask_about,
    claim,
    complete,
    evaluate,
    judge,
    make_spec,
    read_items,
    run,
    submit,
)
from tests.unit.evaluation.evals.stored import completions, responses, store_completion, store_response

ODD = {'quote"s': "1", "brackets[a]": "2", "größe & co": "ß=%", "\\back$.slash": "null", "empty": ""}
FILLED = {
    "type": "string_check",
    "name": "filled",
    "input": "{{sample.output_text}}",
    "operation": "eq",
    "reference": "{{item.output_text}}",
}


@pytest.fixture
def database(postgres_url: str) -> Iterator[Database]:
    database = Database(postgres_url)
    migrate(database, MIGRATIONS)
    yield database
    database.close()


def test_stored_answers_are_found_by_any_metadata_and_graded(database: Database) -> None:
    store_completion(database, 1, ODD)
    store_completion(database, 2, {"task": "a"})
    store_completion(database, 3)
    store_response(database, 4, metadata=ODD)
    store_response(database, 5, after=4, temperature=0.5)
    for source, ids in (
        (completions(), ["chatcmpl-3", "chatcmpl-2", "chatcmpl-1"]),
        (completions(metadata=ODD), ["chatcmpl-1"]),
        (completions(metadata={"task": "a"}, model="big", created_after=1, created_before=2, limit=5), ["chatcmpl-2"]),
        (responses(metadata=ODD), ["resp_4"]),
        (responses(temperature=0.5), ["resp_5"]),
    ):
        result, items = evaluate(database, ScriptedApi(), make_spec(source, FILLED))
        assert ([item.item["id"] for item in items], result.result_counts.passed) == (ids, len(ids))


def test_items_are_asked_and_graded_at_the_same_time_and_text_of_any_kind_is_kept(database: Database) -> None:
    text = "Paris\0 \ud83d 🦜 'quoted'"
    api = ScriptedApi(lambda _, body: judge("yes") if body["model"] == "judge" else complete(text))
    result, items = evaluate(database, api, make_spec(ask_about([{"question": "é", "answer": "Paris"}] * 20), IS_PARIS, JUDGED), 8)
    assert result.result_counts.failed == 20
    assert (items[0].sample or {})["output"][0]["content"] == "Paris\N{REPLACEMENT CHARACTER} ? 🦜 'quoted'"


def test_a_worker_that_lost_its_run_changes_nothing(database: Database) -> None:
    job_id = submit(database, make_spec(ask_about([{"question": "?", "answer": "Paris"}])))
    first = claim(database, job_id)

    def lose(_path: str, _body: object) -> object:
        claim(database, job_id, "second worker")
        return complete("Paris")

    with pytest.raises(JobInterrupted):
        run(database, ScriptedApi(lose), first)
    assert [(item.sample, item.status) for item in read_items(database, job_id)] == [(None, None)]
    assert run(database, ScriptedApi(), claim(database, job_id, "third worker")).result_counts.passed == 1
