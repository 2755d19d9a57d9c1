import pytest

from shared.records import jobs
from shared.records.database import Database
from tests.unit.evaluation.evals.cases import ScriptedApi, ask_about, claim, make_spec, run, submit

FRANCE = {"question": "What is the capital of France?", "answer": "Paris"}


def test_workers_that_die_one_after_another_do_not_count_while_the_run_gets_further(database: Database) -> None:
    job_id, api = submit(database, make_spec(ask_about([FRANCE] * 8))), ScriptedApi(dies_at=2)
    for _ in range(jobs.MAX_TAKEOVERS + 2):
        with pytest.raises(BaseException) as end:  # a group, or the end itself
            run(database, api, claim(database, job_id))
        assert "Killed" in repr(end.value)
        assert api.dies_at
        api.dies_at += 2  # the call that was lost is repeated, and the next one answered
    api.dies_at, last = None, claim(database, job_id)
    assert last.job.takeovers == 1
    assert run(database, api, last).result_counts.passed == 8


def test_workers_that_die_before_an_item_is_done_count(database: Database) -> None:
    job_id, api = submit(database, make_spec(ask_about([FRANCE] * 8))), ScriptedApi(dies_at=1)
    for _ in range(2):
        with pytest.raises(BaseException) as end:  # a group, or the end itself
            run(database, api, claim(database, job_id))
        assert "Killed" in repr(end.value)
        assert api.dies_at
        api.dies_at += 1
    assert claim(database, job_id).job.takeovers == 2
