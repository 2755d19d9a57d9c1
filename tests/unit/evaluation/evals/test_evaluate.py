import asyncio
import json
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import event

from shared.contracts.evals.output_items import ItemResult, ItemSample
from shared.errors import InvalidRequest, NotFound, Unavailable
from shared.records import jobs
from shared.records.database import Database
from shared.records.jobs import JobEvent
from shared.workers.job_context import JobInterrupted
from tests.unit.evaluation.evals.cases import (
    IS_PARIS,
    JUDGED,
    ScriptedApi,
    ask_about,
    claim,
    complete,
    evaluate,
    grade_rows,
    judge,
    make_spec,
    read_items,
    run,
    submit,
)

FRANCE = {"question": "What is the capital of France?", "answer": "Paris"}
SPAIN = {"question": "What is the capital of Spain?", "answer": "Madrid"}
PERU = {"question": "What is the capital of Peru?", "answer": "Lima"}


def answer_or_judge(_path: str, body: dict[str, Any]) -> Any:
    return judge("yes") if body["model"] == "judge" else complete("Paris")


def test_a_run_asks_about_each_item_and_grades_the_answers(database: Database) -> None:
    api = ScriptedApi()
    sampling = {"temperature": 0, "seed": 7, "max_completions_tokens": 20}
    result, items = evaluate(database, api, make_spec(ask_about([FRANCE, SPAIN], sampling_params=sampling)))
    assert result.result_counts.model_dump() == {"total": 2, "passed": 1, "failed": 1, "errored": 0}
    assert [row.model_dump() for row in result.per_testing_criteria_results] == [
        {"testing_criteria": "paris", "passed": 1, "failed": 1, "errored": 0}
    ]
    (usage,) = result.per_model_usage
    assert usage.model_dump() == {
        "model_name": "small", "invocation_count": 2, "prompt_tokens": 20, "completion_tokens": 4, "cached_tokens": 8, "total_tokens": 24,
    }  # fmt: skip
    assert result.pass_rate is not None
    assert (result.pass_rate.rate, result.pass_rate.items) == (0.5, 2)
    assert [(item.number, item.status, item.item) for item in items] == [(0, "pass", FRANCE), (1, "fail", SPAIN)]
    sample = ItemSample.model_validate(items[0].sample)
    assert [message.model_dump() for message in sample.input] == [{"role": "user", "content": FRANCE["question"]}]
    assert [message.model_dump() for message in sample.output] == [{"role": "assistant", "content": "Paris"}]
    assert (sample.model, sample.finish_reason, sample.temperature, sample.seed, sample.max_completion_tokens) == (
        "small",
        "stop",
        0,
        7,
        20,
    )
    assert ItemResult.model_validate((items[1].results or [])[0]).model_dump() == {
        "name": "paris", "type": "string_check", "score": 0.0, "passed": False, "sample": None, "error": None,
    }  # fmt: skip
    path, body = api.calls[0]
    assert path == "/v1/chat/completions"
    assert body == {
        "model": "small", "messages": [{"role": "user", "content": FRANCE["question"]}],
        "temperature": 0.0, "seed": 7, "max_completion_tokens": 20,
    }  # fmt: skip


def test_a_run_from_before_rows_were_stored_apart_has_them_in_its_job(database: Database) -> None:
    spec = make_spec(ask_about([FRANCE, SPAIN])).model_dump(mode="json")
    with database.session() as session:
        job_id = jobs.submit(session, jobs.EVAL_RUN, "default", spec).id
    assert run(database, ScriptedApi(), claim(database, job_id)).result_counts.model_dump() == {
        "total": 2, "passed": 1, "failed": 1, "errored": 0,
    }  # fmt: skip


def test_results_are_summed_up_without_more_than_a_few_large_items_in_memory(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.records.large_rows.MAX_BYTES", 2000)
    limits = list[int]()

    def listen(*details: Any) -> None:
        if "eval_output_items.sample" in details[2] and "length" not in details[2] and "LIMIT" in details[2]:
            limits.append(details[3][-2])  # the last one is the offset

    event.listen(database.engine, "before_cursor_execute", listen)
    items = [{"question": "x" * size, "answer": "Paris"} for size in (5000, 10, 10, 5000)]
    assert evaluate(database, ScriptedApi(), make_spec(ask_about(items)))[0].result_counts.passed == 4
    assert limits == [1, 2, 1]


@dataclass
class CountingApi(ScriptedApi):
    """Counts the calls that are made at the same time."""

    running: int = 0
    most: int = 0

    async def call(self, method: str, path: str, *, body: Any = None) -> Any:
        self.running += 1
        self.most = max(self.most, self.running)
        for _ in range(100):
            await asyncio.sleep(0)
        answer = await super().call(method, path, body=body)
        self.running -= 1
        return answer


@pytest.mark.parametrize(("size", "most"), [(10, 4), (3000, 2), (50_000, 1)])
def test_fewer_items_are_in_work_at_the_same_time_if_they_are_large(
    size: int, most: int, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.evaluation.evals.byte_gate.MAX_BYTES", 8000)
    api, item = CountingApi(), {"question": "x" * size, "answer": "Paris"}
    result, _ = evaluate(database, api, make_spec(ask_about([item] * 12)), concurrency=4)
    assert (result.result_counts.passed, api.most <= most, api.running) == (12, True, 0)
    assert most != 1 or api.most == 1


def test_an_item_passes_if_it_passes_all_criteria_and_the_judges_tokens_count(database: Database) -> None:
    labels = iter(["yes", "no"])
    api = ScriptedApi(lambda _, body: judge(next(labels)) if body["model"] == "judge" else complete("Paris"))
    result, items = evaluate(database, api, make_spec(ask_about([FRANCE, FRANCE]), IS_PARIS, JUDGED))
    assert [item.status for item in items] == ["pass", "fail"]
    assert {usage.model_name: usage.invocation_count for usage in result.per_model_usage} == {"small": 2, "judge": 2}
    graded = (items[0].results or [])[1]
    assert (graded["label"], graded["sample"]["output"][0]["role"], graded["sample"]["usage"]["total_tokens"]) == ("yes", "assistant", 12)


@pytest.mark.parametrize("at", range(1, 8))
def test_after_a_kill_at_any_call_only_what_is_missing_is_asked_and_graded(at: int, database: Database) -> None:
    second = {**JUDGED, "name": "kind", "input": [{"role": "user", "content": "Is it kind? {{item.answer}}"}]}
    api = ScriptedApi(answer_or_judge, dies_at=at)
    job_id = submit(database, make_spec(ask_about([FRANCE, SPAIN]), IS_PARIS, JUDGED, second))
    needed = 2 + 2 * 2
    if at <= needed:
        with pytest.raises(BaseException) as end:  # a group, or the end itself
            run(database, api, claim(database, job_id))
        assert "Killed" in repr(end.value)
    api.dies_at = None
    result = run(database, api, claim(database, job_id, "second worker"))
    assert (result.result_counts.passed, result.result_counts.failed) == (1, 1)
    sent = [json.dumps(body) for _, body in api.calls]
    in_flight = 2 if at in (2, 3, 5, 6) else 1  # both judges of an item are asked at the same time
    assert needed <= len(sent) <= needed + in_flight
    assert {usage.model_name: usage.invocation_count for usage in result.per_model_usage} == {"small": 2, "judge": 4}


def test_a_worker_that_lost_its_lease_stores_nothing(database: Database) -> None:
    job_id = submit(database, make_spec(ask_about([FRANCE])))
    first = claim(database, job_id)
    second = claim(database, job_id, "second worker")
    with pytest.raises(JobInterrupted):
        run(database, ScriptedApi(), first)
    assert read_items(database, job_id) == []
    assert run(database, ScriptedApi(), second).result_counts.passed == 1


def test_a_lease_that_is_lost_while_a_model_answers_keeps_the_answer_out(database: Database) -> None:
    job_id = submit(database, make_spec(ask_about([FRANCE])))
    first = claim(database, job_id)

    def lose(_path: str, _body: dict[str, Any]) -> Any:
        claim(database, job_id, "second worker")
        return complete("Paris")

    with pytest.raises(JobInterrupted):
        run(database, ScriptedApi(lose), first)
    (item,) = read_items(database, job_id)
    assert (item.sample, item.results, item.status) == (None, None, None)


def test_a_refused_request_is_an_error_of_its_item(database: Database) -> None:
    def refuse(_path: str, body: dict[str, Any]) -> Any:
        if "Spain" in body["messages"][0]["content"]:
            raise InvalidRequest("The prompt is too long.", code="context_length_exceeded")
        return complete("Paris")

    result, items = evaluate(database, ScriptedApi(refuse), make_spec(ask_about([FRANCE, SPAIN]), IS_PARIS))
    assert result.result_counts.model_dump() == {"total": 2, "passed": 1, "failed": 0, "errored": 1}
    assert result.per_testing_criteria_results[0].errored == 1
    assert result.pass_rate is not None
    assert (result.pass_rate.rate, result.pass_rate.items) == (1.0, 1)
    sample = ItemSample.model_validate(items[1].sample)
    assert sample.error is not None
    assert (sample.error.code, sample.error.message, items[1].results) == ("context_length_exceeded", "The prompt is too long.", [])
    assert sample.input[0].content == SPAIN["question"]


def test_a_model_that_is_gone_ends_the_run(database: Database) -> None:
    def refuse(_path: str, _body: dict[str, Any]) -> Any:
        raise NotFound("There is no model 'small'.", code="model_not_found")

    api = ScriptedApi(refuse)
    with pytest.raises(NotFound, match="There is no model"):
        evaluate(database, api, make_spec(ask_about([FRANCE] * 50)))
    assert len(api.calls) == 1


def test_an_engine_that_stays_away_ends_the_run_and_makes_no_errors_of_its_items(database: Database) -> None:
    def fail(_path: str, _body: dict[str, Any]) -> Any:
        raise Unavailable("The engine is starting.")

    job_id = submit(database, make_spec(ask_about([FRANCE] * 60)))
    with pytest.raises(Unavailable, match=r"10 items in a row could not be evaluated, so the run ended\. Create a new run when"):
        run(database, ScriptedApi(fail), claim(database, job_id), concurrency=4)
    items = read_items(database, job_id)
    assert [item.status for item in items] == [None] * 60
    assert run(database, ScriptedApi(), claim(database, job_id), concurrency=4).result_counts.passed == 60


def test_a_run_of_few_items_ends_if_none_could_be_asked(database: Database) -> None:
    def fail(_path: str, _body: dict[str, Any]) -> Any:
        raise Unavailable("The engine is starting.")

    with pytest.raises(Unavailable, match="No item could be evaluated"):
        evaluate(database, ScriptedApi(fail), make_spec(ask_about([FRANCE, SPAIN])))


def test_an_item_whose_model_did_not_answer_is_tried_again_at_the_end(database: Database) -> None:
    failures = iter([True])

    def fail_once(_path: str, body: dict[str, Any]) -> Any:
        if "France" in body["messages"][0]["content"] and next(failures, False):
            raise Unavailable("The engine is starting.")
        return complete("Paris")

    api = ScriptedApi(fail_once)
    result, items = evaluate(database, api, make_spec(ask_about([FRANCE, SPAIN, PERU])))
    assert [item.status for item in items] == ["pass", "fail", "fail"]
    assert (len(api.calls), result.result_counts.errored) == (4, 0)


def test_a_judge_that_stays_away_ends_the_run_but_keeps_the_answers(database: Database) -> None:
    def fail(_path: str, body: dict[str, Any]) -> Any:
        if body["model"] == "judge":
            raise Unavailable("The judge is starting.")
        return complete("Paris")

    job_id = submit(database, make_spec(ask_about([FRANCE] * 12), IS_PARIS, JUDGED))
    with pytest.raises(Unavailable, match="The judge is starting"):
        run(database, ScriptedApi(fail), claim(database, job_id))
    api = ScriptedApi(answer_or_judge)
    assert run(database, api, claim(database, job_id)).result_counts.passed == 12
    assert [body["model"] for _, body in api.calls].count("small") == 2


def test_an_item_that_is_too_long_for_a_judge_is_an_error_and_does_not_end_the_run(database: Database) -> None:
    def refuse(_path: str, body: dict[str, Any]) -> Any:
        if body["model"] == "judge":
            raise InvalidRequest("The prompt is too long.", code="context_length_exceeded")
        return complete("Paris")

    api = ScriptedApi(refuse)
    result, items = evaluate(database, api, make_spec(ask_about([FRANCE] * 15), IS_PARIS, JUDGED))
    assert (result.result_counts.errored, len(api.calls)) == (15, 30)
    assert [(graded["error"] or {}).get("code") for graded in items[0].results or []] == [None, "context_length_exceeded"]


def test_a_run_that_was_deleted_ends_without_an_error(database: Database) -> None:
    job_id = submit(database, make_spec(ask_about([FRANCE] * 3)))

    def delete(_path: str, _body: dict[str, Any]) -> Any:
        with database.session() as session:
            session.delete(session.get_one(jobs.Job, job_id))
        raise InvalidRequest("too late")

    context = claim(database, job_id)
    with pytest.raises(JobInterrupted):
        run(database, ScriptedApi(delete), context)
    assert context.interrupt_reason == "lost"


def test_an_output_of_a_judge_that_cannot_be_read_is_counted_apart(database: Database) -> None:
    api = ScriptedApi(lambda _, body: complete("I think yes", model="judge") if body["model"] == "judge" else complete("Paris"))
    result, items = evaluate(database, api, make_spec(ask_about([FRANCE]), IS_PARIS, JUDGED))
    assert result.result_counts.model_dump() == {"total": 1, "passed": 0, "failed": 0, "errored": 1}
    assert [row.model_dump() for row in result.per_testing_criteria_results] == [
        {"testing_criteria": "paris", "passed": 1, "failed": 0, "errored": 0},
        {"testing_criteria": "polite", "passed": 0, "failed": 0, "errored": 1},
    ]
    graded = (items[0].results or [])[1]
    assert (graded["score"], graded["passed"], graded["error"]["code"]) == (None, False, "model_grader_parse_error")
    assert graded["sample"]["output"][0]["content"] == "I think yes"
    assert {usage.model_name: usage.invocation_count for usage in result.per_model_usage} == {"small": 1, "judge": 1}
    assert result.pass_rate is None


def test_an_answer_of_the_wrong_form_fails_and_is_no_error(database: Database) -> None:
    as_json = {**IS_PARIS, "input": "{{sample.output_json.city}}"}
    result, items = evaluate(database, ScriptedApi(), make_spec(ask_about([FRANCE]), as_json))
    assert result.result_counts.model_dump() == {"total": 1, "passed": 0, "failed": 1, "errored": 0}
    graded = (items[0].results or [])[0]
    assert (graded["score"], graded["passed"], graded["error"], graded["sample"]["error"]["code"]) == (0, False, None, "sample_parse_error")


def test_an_item_that_lacks_what_the_messages_need_is_an_error_and_asks_nothing(database: Database) -> None:
    api = ScriptedApi()
    result, items = evaluate(database, api, make_spec(ask_about([FRANCE, {"answer": "Lima"}])))
    assert (len(api.calls), result.result_counts.errored) == (1, 1)
    assert items[1].sample
    assert items[1].sample["error"]["code"] == "invalid_variable_error"


def test_a_criterion_about_an_answer_that_is_not_there_is_an_error(database: Database) -> None:
    own = {"type": "string_check", "name": "own", "input": "{{item.answer}}", "operation": "eq", "reference": "Paris"}
    result, items = evaluate(database, ScriptedApi(), make_spec(grade_rows({"item": FRANCE}), own, IS_PARIS))
    assert [row.model_dump() for row in result.per_testing_criteria_results] == [
        {"testing_criteria": "own", "passed": 1, "failed": 0, "errored": 0},
        {"testing_criteria": "paris", "passed": 0, "failed": 0, "errored": 1},
    ]
    assert (items[0].sample, result.per_model_usage) == (None, [])
    assert "has no 'sample'" in (items[0].results or [])[1]["error"]["message"]


@pytest.mark.parametrize(
    ("score", "threshold", "status"), [(4.0, None, "fail"), (6.0, None, "pass"), (4.0, 3.5, "pass"), (6.0, 6.5, "fail")]
)
def test_a_score_without_a_threshold_passes_in_the_upper_half_of_its_range(
    score: float, threshold: float | None, status: str, database: Database
) -> None:
    scored = {
        "type": "score_model", "name": "quality", "model": "judge", "range": [0, 10], "pass_threshold": threshold,
        "input": [{"role": "user", "content": "{{sample.output_text}}"}],
    }  # fmt: skip
    reply = complete(json.dumps({"steps": [], "result": score}))
    _, items = evaluate(
        database, ScriptedApi(lambda *_: reply), make_spec(grade_rows({"item": {}, "sample": {"output_text": "x"}}), scored)
    )
    assert [(item.status, (item.results or [])[0]["score"]) for item in items] == [(status, score)]


def test_the_events_and_the_stage_have_the_progress(database: Database) -> None:
    job_id = submit(database, make_spec(ask_about([FRANCE] * 20)))
    context = claim(database, job_id)
    run(database, ScriptedApi(), context)
    with database.session() as session:
        job = session.get(jobs.Job, job_id)
        messages = [event.message for event in session.query(JobEvent).filter_by(job_id=job_id).order_by(JobEvent.number)]
    assert job
    assert (job.stage, job.percent) == ("evaluating 20/20", 98.0)
    assert messages[0] == "Evaluated 2 of 20 items."
    job_id = submit(database, make_spec(ask_about([FRANCE])))
    run(database, ScriptedApi(), claim(database, job_id))
    with database.session() as session:
        alone = [event.message for event in session.query(JobEvent).filter_by(job_id=job_id).order_by(JobEvent.number)]
    assert alone == ["Evaluated 1 of 1 item.", "Of 1 item, 1 passed, 0 failed, and 0 could not be evaluated."]
    assert messages[-1] == "Of 20 items, 20 passed, 0 failed, and 0 could not be evaluated."
