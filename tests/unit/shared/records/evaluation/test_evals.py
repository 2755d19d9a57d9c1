"""An eval is deleted with its runs."""

from pathlib import Path
from typing import Any

from sqlalchemy import event, func, select

from shared.records import MIGRATIONS, jobs
from shared.records.evaluation.evals import EvalRun, StoredEval, delete_eval, find_eval_for_update
from tests.migrated import open_migrated


def test_an_eval_is_deleted_without_reading_what_its_runs_have(tmp_path: Path) -> None:
    database, statements = open_migrated(tmp_path / "jobs.db", MIGRATIONS), list[str]()
    with database.session() as session:
        for id in ("eval_1", "eval_2"):
            fields: dict[str, Any] = {"data_source_config": {}, "testing_criteria": [], "created_at": 1, "updated_at": 1}
            session.add(StoredEval(id=id, project_id="default", name="a", **fields))
            session.flush()
            runs = [jobs.submit(session, jobs.EVAL_RUN, "default", {"data_source": {"content": ["a" * 1000]}}) for _ in range(3)]
            session.add_all(EvalRun(job_id=run.id, eval_id=id) for run in runs)
    event.listen(database.engine, "before_cursor_execute", lambda *details: statements.append(details[2]))
    with database.session() as session:
        row = find_eval_for_update(session, "default", "eval_1")
        assert row
        delete_eval(session, row)
    assert not [statement for statement in statements if "jobs.spec" in statement]
    with database.session() as session:
        assert session.scalars(select(StoredEval.id)).all() == ["eval_2"]
        assert session.scalar(select(func.count()).select_from(jobs.Job)) == 3
    database.close()
