"""The migration that stores the rows of eval runs apart from their jobs, on SQLite and PostgreSQL, with what is stored before and after."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy.exc import DataError

from services.evaluation.datasets.distillation.read_responses import ResponseReader
from services.evaluation.evals.rows.filters import AnswerFilter
from shared.records import MIGRATIONS
from shared.records.database import Database, migrate
from shared.records.evaluation.evals import EvalRun, StoredEval, read_spec
from shared.records.jobs import EVAL_RUN, Job
from shared.records.responses import StoredResponse

BEFORE = "jobs_0015"
ROWS = [{"item": {"ticket": "Der Drucker brennt.", "n": 1.5, "none": None}}]
SOURCE: dict[str, Any] = {"type": "jsonl", "source": {"type": "file_content", "content": ROWS}}
ROW: dict[str, Any] = {"project_id": "default", "created_at": 1}


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    is_postgres = request.param == "postgres"
    opened = Database(request.getfixturevalue("postgres_url") if is_postgres else f"sqlite:///{tmp_path / 'jobs.db'}")
    yield opened
    opened.close()


def go_to(database: Database, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
        connection.commit()


def put_run(database: Database, id: str, spec: dict[str, Any], rows: list[Any] | None) -> None:
    with database.session() as session:
        session.merge(StoredEval(id="eval_1", name="a", data_source_config={}, testing_criteria=[], updated_at=1, **ROW))
        session.add(Job(id=id, kind=EVAL_RUN, spec={"data_source": spec, "name": "ü"}, **ROW))
        session.flush()
        session.add(EvalRun(job_id=id, eval_id="eval_1", number=1, content=rows))


def test_rows_go_back_to_their_job_on_the_way_down_and_are_read_from_there(database: Database) -> None:
    migrate(database, MIGRATIONS)
    put_run(database, "evalrun_1", {"type": "jsonl", "source": {"type": "file_content"}}, ROWS)
    put_run(database, "evalrun_2", {"type": "jsonl", "source": {"type": "file_id", "id": "file-1"}}, None)
    go_to(database, BEFORE)
    migrate(database, MIGRATIONS)
    with database.session() as session:
        first, second = (session.get_one(Job, id) for id in ("evalrun_1", "evalrun_2"))
        assert first.spec == {"data_source": SOURCE, "name": "ü"} == read_spec(session, first)
        assert second.spec["data_source"]["source"] == {"type": "file_id", "id": "file-1"}
        assert [session.get_one(EvalRun, job.id).number for job in (first, second)] == [0, 0]


BROKEN = {"nul": "a\0b", "half": "a\ud83d", "other half": "\udc4d", "whole": "🦜", "escaped": "\\u0000 \\ud83d"}
CLEAN = {"nul": "a\N{REPLACEMENT CHARACTER}b", "half": "a?", "other half": "?", "whole": "🦜", "escaped": "\\u0000 \\ud83d"}


def find(database: Database, model: str) -> list[Any]:
    reader = ResponseReader(database, "default", AnswerFilter({"task": "a"}, 100, model=model))
    return [turn.body["output"] for window in reader.read() for turn in window.turns]


def test_a_response_with_what_postgresql_cannot_search_does_not_break_a_filter_any_more(database: Database) -> None:
    migrate(database, MIGRATIONS)
    go_to(database, BEFORE)
    with database.session() as session:
        for name, text in BROKEN.items():
            body = {"model": name, "output": [text], "metadata": {"task": "a"}}
            session.add(StoredResponse(id=f"resp_{name}", input=[], body=body, **ROW))
    if database.engine.dialect.name == "postgresql":
        with pytest.raises(DataError):
            find(database, "whole")
    migrate(database, MIGRATIONS)
    expected = CLEAN if database.engine.dialect.name == "postgresql" else BROKEN
    assert {name: find(database, name) for name in BROKEN} == {name: [[text]] for name, text in expected.items()}
