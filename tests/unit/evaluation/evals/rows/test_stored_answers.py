from typing import Any

import pytest

from services.evaluation.datasets.distillation import read_completions, read_responses
from services.evaluation.datasets.distillation.read_completions import CompletionReader
from services.evaluation.datasets.distillation.read_responses import ResponseReader
from services.evaluation.evals.item_store import ItemStore
from services.evaluation.evals.rows.filters import AnswerFilter
from shared.errors import InvalidRequest
from shared.records import jobs
from shared.records.chat_completions import StoredChatCompletion
from shared.records.database import Database
from shared.records.responses import StoredResponse
from tests.unit.evaluation.evals.cases import ScriptedApi, claim, complete, evaluate, make_spec, read_items, run, submit
from tests.unit.evaluation.evals.stored import completions, responses, store_completion, store_response

FILLED = {
    "type": "string_check",
    "name": "filled",
    "input": "{{sample.output_text}}",
    "operation": "eq",
    "reference": "{{item.output_text}}",
}
Body = dict[str, Any]


@pytest.fixture(autouse=True)
def small_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_completions, "WINDOW", 2)
    monkeypatch.setattr(read_completions, "LISTED_KEYS", 3)
    monkeypatch.setattr(read_responses, "WINDOW", 2)
    monkeypatch.setattr(read_responses, "LISTED_KEYS", 3)


def list_ids(database: Database, data_source: Body, **changes: Any) -> list[str]:
    result, items = evaluate(database, ScriptedApi(), make_spec(data_source, FILLED, **changes))
    assert result.result_counts.passed == len(items)
    return [item.item["id"].split("-")[-1].split("_")[-1] for item in items]


def test_stored_completions_are_graded_as_they_are_the_newest_first(database: Database) -> None:
    for number in range(1, 8):
        store_completion(database, number)
    api = ScriptedApi()
    result, items = evaluate(database, api, make_spec(completions(), FILLED))
    assert (api.calls, result.per_model_usage, [item.item["id"] for item in items][:2]) == ([], [], ["chatcmpl-7", "chatcmpl-6"])
    assert items[0].item == {
        "id": "chatcmpl-7", "created_at": 7, "model": "big", "metadata": {}, "instructions": "Be kind.", "tools": [],
        "input": [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Question 7?"}],
        "output": [{"role": "assistant", "content": "Answer 7"}], "output_text": "Answer 7",
    }  # fmt: skip
    assert items[0].sample
    assert (items[0].sample["temperature"], items[0].sample["input"][1]["content"]) == (0.3, "Question 7?")


def store_six(database: Database, kind: str) -> None:
    """Store six answers, the third of which is large."""
    for number in range(1, 7):
        text = "x" * 5000 if number == 3 else "x"
        if kind == "completions":
            store_completion(database, number, body=complete(text, created=number))
        else:
            store_response(database, number, instructions=text)


@pytest.mark.parametrize("kind", ["completions", "responses"])
def test_a_large_answer_is_read_and_stored_alone(kind: str, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.records.large_rows.MAX_BYTES", 4000)
    monkeypatch.setattr("services.evaluation.evals.store_rows.MAX_BYTES", 4000)
    monkeypatch.setattr(read_completions, "WINDOW", 10)
    monkeypatch.setattr(read_responses, "WINDOW", 10)
    store_six(database, kind)
    reader: Any = CompletionReader if kind == "completions" else ResponseReader
    windows = list(reader(database, "default", AnswerFilter({}, 100)).read())
    assert [[turn.id[-1] for turn in window.turns] for window in windows if len(window.turns) == 1] == [["3"]]
    assert [turn.id[-1] for window in windows for turn in window.turns] == ["6", "5", "4", "3", "2", "1"]
    batches, add = list[list[int]](), ItemStore.add

    def count(store: ItemStore, first: int, items: Any) -> None:
        batches.append([item.item["created_at"] for item in items])
        add(store, first, items)

    monkeypatch.setattr(ItemStore, "add", count)
    evaluate(database, ScriptedApi(), make_spec(completions() if kind == "completions" else responses(), FILLED))
    assert next(batch for batch in batches if 3 in batch)[-1] == 3  # a batch ends as soon as it is large


def test_the_filters_of_completions_are_about_time_model_and_metadata_also_of_the_eval(database: Database) -> None:
    store_completion(database, 1, {"task": "a", 'it\'s "odd"': "x"})
    store_completion(database, 2, {"task": "a"}, model="small")
    store_completion(database, 3, {"task": "b"})
    store_completion(database, 4)
    store_completion(database, 5, project_id="other")
    assert list_ids(database, completions()) == ["4", "3", "2", "1"]
    assert list_ids(database, completions(metadata={"task": "a"})) == ["2", "1"]
    assert list_ids(database, completions(metadata={'it\'s "odd"': "x"})) == ["1"]
    assert list_ids(database, completions(model="big", created_after=2, created_before=3)) == ["3"]
    assert list_ids(database, completions(limit=3)) == ["4", "3", "2"]
    assert list_ids(database, completions(), config_metadata={"task": "b"}) == ["3"]


def test_if_nothing_matches_the_run_says_so(database: Database) -> None:
    store_completion(database, 1, {"task": "a"})
    for source in (completions(metadata={"task": "c"}), completions(metadata={"task": "a"}), responses()):
        with pytest.raises(InvalidRequest, match="No stored answer matches"):
            evaluate(database, ScriptedApi(), make_spec(source, FILLED, config_metadata={"task": "other"}))


def test_answers_that_came_after_the_run_are_not_evaluated(database: Database) -> None:
    store_completion(database, 1)
    store_completion(database, 2**40)
    store_response(database, 1)
    store_response(database, 2**40)
    assert list_ids(database, completions()) == ["1"]
    assert list_ids(database, responses()) == ["1"]


def test_the_filters_of_responses_are_about_all_that_their_bodies_have(database: Database) -> None:
    tools = [{"type": "file_search", "vector_store_ids": []}, {"type": "function", "name": "look", "parameters": {}}]
    store_response(
        database, 1, metadata={"task": "a"}, instructions="Be KIND and brief.", temperature=0.5, top_p=0.9, tools=tools, user="ann"
    )
    store_response(database, 2, metadata={"task": "a"}, instructions="Be brief.", temperature=0.5, user="bob")
    store_response(database, 3, reasoning={"effort": "low"}, tools=tools[:1])
    store_response(database, 4, status="failed")
    store_response(database, 5, status="incomplete")
    assert list_ids(database, responses()) == ["5", "3", "2", "1"]
    assert list_ids(database, responses(metadata={"task": "a"})) == ["2", "1"]
    assert list_ids(database, responses(instructions_search="kind")) == ["1"]
    assert list_ids(database, responses(temperature=0.5)) == ["2", "1"]
    assert list_ids(database, responses(temperature=0.5, top_p=0.9)) == ["1"]
    assert list_ids(database, responses(tools=["file_search"])) == ["3", "1"]
    assert list_ids(database, responses(tools=["file_search", "look"])) == ["1"]
    assert list_ids(database, responses(users=["bob", "eve"])) == ["2"]
    assert list_ids(database, responses(reasoning_effort="low")) == ["3"]
    assert list_ids(database, responses(limit=1, created_before=2)) == ["2"]


def test_the_input_of_a_response_has_its_instructions_and_the_turns_before(database: Database) -> None:
    store_response(database, 1)
    store_response(database, 2, after=1, instructions="Be kind.")
    _, items = evaluate(database, ScriptedApi(), make_spec(responses(limit=1), FILLED))
    assert items[0].item["input"] == [
        {"role": "system", "content": "Be kind."}, {"role": "user", "content": "Question 1?"},
        {"role": "assistant", "content": "Answer 1"}, {"role": "user", "content": "Question 2?"},
    ]  # fmt: skip
    assert (items[0].item["output_text"], items[0].item["instructions"]) == ("Answer 2", "Be kind.")


def test_another_model_is_asked_what_the_stored_answers_were_asked(database: Database) -> None:
    store_completion(database, 1)
    store_completion(database, 2)
    source = {**completions(), "model": "small", "input_messages": {"type": "item_reference", "item_reference": "item.input"}}
    api = ScriptedApi(lambda _, body: complete(body["messages"][1]["content"].replace("Question", "Answer").removesuffix("?")))
    result, items = evaluate(database, api, make_spec(source, FILLED))
    assert result.result_counts.passed == 2
    assert api.calls[0][1]["messages"] == items[0].item["input"]
    assert [usage.model_name for usage in result.per_model_usage] == ["small"]


@pytest.mark.parametrize("kind", ["completions", "responses"])
def test_a_run_that_stopped_while_it_read_continues_behind_the_last_row(kind: str, database: Database) -> None:
    store = store_completion if kind == "completions" else store_response
    for number in range(1, 8):
        store(database, number)
    job_id = submit(database, make_spec(completions() if kind == "completions" else responses(limit=6), FILLED))
    run(database, ScriptedApi(), claim(database, job_id))
    first = {item.number: item.id for item in read_items(database, job_id)}
    with database.session() as session:
        for item in read_items(database, job_id)[3:]:
            session.delete(item)
        gone = session.get(
            StoredChatCompletion if kind == "completions" else StoredResponse, ("chatcmpl-7" if kind == "completions" else "resp_7")
        )
        session.delete(gone)
        job = session.get(jobs.Job, job_id)
        assert job
        job.percent = 0.0  # as while the rows are read
    result = run(database, ScriptedApi(), claim(database, job_id, "second"))
    items = read_items(database, job_id)
    assert [item.item["created_at"] for item in items] == [7, 6, 5, 4, 3, 2, 1][: 7 if kind == "completions" else 6]
    assert {item.number: item.id for item in items[:3]} == {number: first[number] for number in range(3)}
    assert result.result_counts.total == len(items)
