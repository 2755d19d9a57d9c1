"""The migrations of both services' databases, up and down and up again, on SQLite and on PostgreSQL, with rows in the tables."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import JSON, Connection, MetaData, column, insert, inspect, select, table

from services.retrieval.catalog import stores
from services.retrieval.catalog.records import TABLES, UPDATING_ATTRIBUTES, Attachment, DeletedPosition, File, Store
from services.retrieval.wiring import MIGRATIONS as FILES
from shared.contracts.comparison_results import ComparisonResult
from shared.contracts.comparisons import ComparisonSpec
from shared.records import MIGRATIONS as JOBS
from shared.records.chat_completions import ChatCompletionMessage, StoredChatCompletion
from shared.records.database import Database, Record, migrate
from shared.records.engine_sleeps import EngineSleep, request_sleep
from shared.records.evaluation.answers import Answer
from shared.records.evaluation.comparisons import ComparisonFamily, ComparisonQuestion
from shared.records.evaluation.dataset_items import DatasetItem
from shared.records.evaluation.evals import EvalOutputItem, EvalRun, StoredEval
from shared.records.jobs import Job, JobEvent
from shared.records.models.adapters import Adapter
from shared.records.models.permissions import ModelPermission
from shared.records.projects import ApiKey, Project
from shared.records.responses import ResponseEvent, StoredResponse
from shared.records.training_devices import Device, TrainingDevice, announce
from shared.records.webhooks import WebhookDelivery, WebhookEndpoint
from shared.web.auth import open_authenticator

OF_PROJECT: dict[str, Any] = {"project_id": "default", "created_at": 1}
OF_COMPARISONS = (Answer, ComparisonQuestion, ComparisonFamily)
OF_EVALS = (StoredEval, EvalRun, EvalOutputItem, StoredChatCompletion, ChatCompletionMessage)
OF_WEBHOOKS = (WebhookEndpoint, WebhookDelivery)
RECORDS: dict[Path, tuple[type[Record], ...]] = {
    FILES: (Project, ApiKey, *TABLES),
    JOBS: (
        *(Project, ApiKey, Job, JobEvent, Adapter, ModelPermission, DatasetItem, StoredResponse, ResponseEvent),
        *(*OF_COMPARISONS, *OF_WEBHOOKS, TrainingDevice, EngineSleep, *OF_EVALS),
    ),
}


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    postgres = request.param == "postgres"
    opened = Database(request.getfixturevalue("postgres_url") if postgres else f"sqlite:///{tmp_path / 'records.db'}")
    yield opened
    opened.close()


def alembic(scripts: Path, connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(scripts))
    config.attributes["connection"] = connection
    return config


def assert_as_the_code_expects(connection: Connection, scripts: Path) -> None:
    expected = MetaData(naming_convention=Record.metadata.naming_convention)
    for record in RECORDS[scripts]:
        Record.metadata.tables[record.__tablename__].to_metadata(expected)
    assert compare_metadata(MigrationContext.configure(connection), expected) == []


def put_rows(database: Database, scripts: Path) -> None:
    open_authenticator(database, {"key": "default"}, None)
    mine = {"vector_store_id": "vs_1", "file_id": "file-1", "space": "words", "chunking": {"type": "static", "static": {}}}
    with database.session() as session:
        if scripts is JOBS:
            session.add(Job(id="ftjob-1", **OF_PROJECT, kind="fine_tuning", spec={}))
            session.flush()
            request_sleep(session, "http://engine:8002", "ftjob-1")
            session.add(JobEvent(id="ev-1", job_id="ftjob-1", created_at=1, message="queued"))
            session.add(WebhookEndpoint(id="whe_1", **OF_PROJECT, name="a", url="u", event_types=[], secret="s", updated_at=1))
            session.flush()
            session.add(Adapter(name="ft:tiny:default::abcdefgh1234", **OF_PROJECT, base="tiny", job_id="ftjob-1", manifest={}))
            session.flush()
            session.add(ModelPermission(id="cp_1", model="ft:tiny:default::abcdefgh1234", project_id="blue", created_at=1))
            announce(session, Device("host", "cpu", "tiny", is_gpu=False, bf16=True, free_bytes=2**40))
            session.add(WebhookDelivery(id="wh_1", endpoint_id="whe_1", payload={}, next_attempt_at=1, created_at=1))
            return
        session.add(Store(id="vs_1", project_id="default", name="", embedding_model="words", space="words", edition=1))
        session.add(File(id="file-1", project_id="default", filename="a.txt", purpose="assistants", bytes=1, sha256="0" * 64))
        session.add_all(Attachment(id=f"vsf_{edition}", edition=edition, **mine) for edition in range(3))


@pytest.mark.parametrize("scripts", [FILES, JOBS], ids=["retrieval", "jobs"])
def test_migrations_go_down_step_by_step_and_up_again_to_what_the_code_expects(database: Database, scripts: Path) -> None:
    migrate(database, scripts)
    put_rows(database, scripts)
    with database.engine.connect() as connection:
        config = alembic(scripts, connection)
        assert_as_the_code_expects(connection, scripts)
        while inspect(connection).get_table_names() != ["alembic_version"]:
            command.downgrade(config, "-1")
        command.upgrade(config, "head")
        assert_as_the_code_expects(connection, scripts)
        connection.commit()
    put_rows(database, scripts)


def test_a_store_that_has_moved_keeps_its_files_on_the_way_down(database: Database) -> None:
    migrate(database, FILES)
    put_rows(database, FILES)
    with database.engine.connect() as connection:
        command.downgrade(alembic(FILES, connection), "retrieval_0001")
        assert connection.exec_driver_sql("select id from vector_store_files").scalars().all() == ["vsf_1"]
        command.upgrade(alembic(FILES, connection), "head")
        connection.commit()
    with database.session() as session:
        assert [(row.id, row.edition) for row in session.query(Attachment)] == [("vsf_1", 0)]


def test_rows_of_the_schema_before_the_plain_names_are_read_under_the_new_names(database: Database) -> None:
    migrate(database, FILES)
    put_rows(database, FILES)
    with database.engine.connect() as connection:
        command.downgrade(alembic(FILES, connection), "retrieval_0005")
        connection.exec_driver_sql("update vector_store_files set stage = 'relabelling', began = true where id = 'vsf_1'")
        connection.exec_driver_sql("insert into departed (id, created_at, departed_at) values ('file-0', 1, 2)")
        command.upgrade(alembic(FILES, connection), "head")
        connection.commit()
    with database.session() as session:
        row, position = session.get_one(Attachment, "vsf_1"), session.get_one(DeletedPosition, "file-0")
        assert (row.stage, row.may_have_points, position.deleted_at) == (UPDATING_ATTRIBUTES, True, 2)


def test_files_from_before_indexing_was_timed_are_kept_and_their_seconds_are_unknown(database: Database) -> None:
    migrate(database, FILES)
    put_rows(database, FILES)
    with database.engine.connect() as connection:
        command.downgrade(alembic(FILES, connection), "retrieval_0007")
        connection.exec_driver_sql("update vector_store_files set status = 'completed', usage_bytes = 9")
        connection.commit()
    migrate(database, FILES)
    with database.session() as session:
        assert stores.count_files(session, ["vs_1"])["vs_1"] == stores.FileFigures(Counter(completed=1), 9, None)
        session.get_one(Attachment, "vsf_1").indexing_seconds = 2.5
        session.flush()
        assert stores.count_files(session, ["vs_1"])["vs_1"].indexing_seconds == 2.5


def test_a_response_in_the_background_keeps_its_request(database: Database) -> None:
    migrate(database, JOBS)
    row = {"id": "resp_1", "project_id": "default", "created_at": 1, "status": "queued", "input": [], "body": {}}
    with database.session() as session:
        session.add(StoredResponse(**row, request={"model": "tiny", "input": "one"}))
    with database.engine.connect() as connection:
        command.downgrade(alembic(JOBS, connection), "jobs_0004")
        assert "asked" in {column["name"] for column in inspect(connection).get_columns("responses")}
        command.upgrade(alembic(JOBS, connection), "head")
        connection.commit()
    with database.session() as session:
        assert session.get_one(StoredResponse, "resp_1").request == {"model": "tiny", "input": "one"}


def test_an_adapter_from_before_checkpoints_is_the_checkpoint_of_its_last_step(database: Database) -> None:
    migrate(database, JOBS)
    with database.engine.connect() as connection:
        command.downgrade(alembic(JOBS, connection), "jobs_0008")
        for name, manifest in (("ft:tiny:a::12345678", '{"metrics": {"steps": 24}}'), ("ft:tiny:b::12345678", "{}")):
            values = f"('{name}', 'default', 'tiny', 'ftjob-1', '{manifest}', 7)"
            connection.exec_driver_sql(f"insert into adapters (name, project_id, base, job_id, manifest, created_at) values {values}")
        command.upgrade(alembic(JOBS, connection), "head")
        connection.commit()
    with database.session() as session:
        trained, unknown = session.get_one(Adapter, "ft:tiny:a::12345678"), session.get_one(Adapter, "ft:tiny:b::12345678")
    assert (trained.step, (trained.checkpoint_id or "")[:7]) == (24, "ftckpt_")
    assert (unknown.step, unknown.checkpoint_id) == (None, None)


def test_jobs_from_before_priorities_keep_their_events_on_the_way_down_and_up(database: Database) -> None:
    migrate(database, JOBS)
    with database.session() as session:
        session.add(Job(id="ftjob-1", **OF_PROJECT, kind="fine_tuning", spec={}, priority=1, device="gpu", base="tiny"))
        session.flush()
        session.add(JobEvent(id="ev-1", job_id="ftjob-1", created_at=1, message="queued"))
    with database.engine.connect() as connection:
        command.downgrade(alembic(JOBS, connection), "jobs_0012")
        command.upgrade(alembic(JOBS, connection), "head")
        connection.commit()
    with database.session() as session:
        job = session.get_one(Job, "ftjob-1")
        assert (job.priority, job.device, job.base, session.query(JobEvent).count()) == (0, None, None, 1)


OLD_SPEC = {
    "name": "old",
    "questions_file": "file-1",
    "model": "ft:tiny:default::abcdefgh1234",
    "vector_store_ids": ["vs_1"],
    "arms": ["base", "rag", "fine_tuned", "both"],
    "grader": "f1",
    "max_tokens": 64,
    "retrieval": {"max_num_results": 3, "score_threshold": 0.0, "search_mode": "hybrid", "max_context_tokens": 768},
    "prices": {"prompt": 0.1, "completion": 0.4},
    "seed": 0,
    "metadata": None,
    "base_model": "tiny",
}
OLD_ARM = {"arm": "base", "model": "tiny", "scores": {"exact_match": 0.5, "f1": 0.5}, "latency_p50": 0.1, "latency_p95": 0.2}
OLD_VERDICT = {"outcome": "no_difference_shown", "recommended": None, "best": "both", "text": "No difference was shown."}
OLD_RESULT = {
    "questions": 12,
    "arms": [{**OLD_ARM, "intervals": {"f1": [0.2, 0.8]}, "prompt_tokens": 9.0, "completion_tokens": 3.0, "cost": 12.0}],
    "differences": [{"better": "both", "worse": "base", "mean": 0.1, "low": -0.1, "high": 0.3, "shown": False}],
    "verdict": OLD_VERDICT,
    "resamples": 10000,
    "seed": 0,
    "concurrency": 16,
    "report_json": "file-2",
    "report_html": "file-3",
}
OLD_JOBS = table(
    "jobs",
    *(column(name) for name in ("id", "project_id", "kind", "created_at", "status", "stage", "percent", "cancel_requested", "takeovers")),
    *(column(name, JSON(none_as_null=True)) for name in ("spec", "result")),
)
OLD_ANSWER = "insert into answers values ('cmp_old', 0, 'base', 'Grün', '{\"f1\": 0.5}', 0.25, 9, 3, '[]')"


def put_old_comparisons(database: Database, connection: Connection) -> None:
    """Store, in the schema of jobs_0005, a finished comparison with an answer, one with a recommendation, and one that waits."""
    command.downgrade(alembic(JOBS, connection), "jobs_0005")
    connection.commit()
    recommended = {**OLD_RESULT, "verdict": {"outcome": "recommendation", "recommended": "rag", "best": "both", "text": "Use rag."}}
    with database.session() as session:
        for name, status, result in (("old", "succeeded", OLD_RESULT), ("rag", "succeeded", recommended), ("waits", "queued", None)):
            row = {"id": f"cmp_{name}", "project_id": "default", "kind": "comparison", "created_at": 1, "status": status, "stage": "queued"}
            counts = {"percent": 0.0, "cancel_requested": False, "takeovers": 0}
            session.execute(insert(OLD_JOBS).values(**row, **counts, spec=OLD_SPEC, result=result))
        session.connection().exec_driver_sql(OLD_ANSWER)


def test_comparisons_from_before_looks_can_still_be_read(database: Database) -> None:
    migrate(database, JOBS)
    with database.engine.connect() as connection:
        put_old_comparisons(database, connection)
        command.upgrade(alembic(JOBS, connection), "head")
        connection.commit()
    with database.session() as session:
        jobs = {job.id: job for job in session.query(Job)}
        answer = session.get_one(Answer, ("cmp_old", "main", 0, "base"))
        assert (answer.text, answer.scores, answer.failure, answer.retrieved) == ("Grün", {"f1": 0.5}, None, [])
        assert {row.id for row in session.query(ComparisonFamily)} == {"cmp_old", "cmp_rag", "cmp_waits"} == jobs.keys()
    old, recommended = (ComparisonResult.model_validate(jobs[name].result).verdict for name in ("cmp_old", "cmp_rag"))
    assert (old.outcome, old.recommended, old.method) == ("not_settled", None, "bootstrap")
    assert (recommended.outcome, recommended.recommended, recommended.method) == ("recommendation", "rag", "bootstrap")
    assert jobs["cmp_waits"].result is None
    spec = ComparisonSpec.model_validate(jobs["cmp_waits"].spec)
    assert (spec.arms, spec.grader, spec.look, spec.family) == (["base", "rag", "fine_tuned", "both"], "f1", 1, None)


def test_comparisons_go_back_to_what_the_code_before_looks_can_read(database: Database) -> None:
    migrate(database, JOBS)
    with database.engine.connect() as connection:
        put_old_comparisons(database, connection)
        command.upgrade(alembic(JOBS, connection), "head")
        connection.commit()
        with database.session() as session:
            fields = {"text": "", "scores": {}, "seconds": 0.1, "prompt_tokens": 1, "completion_tokens": 1, "citations": []}
            session.add(Answer(job_id="cmp_old", phase="single", question=0, arm="base", **fields))
        command.downgrade(alembic(JOBS, connection), "jobs_0005")
        assert connection.exec_driver_sql("select job_id, question, arm, text from answers").all() == [("cmp_old", 0, "base", "Grün")]
        connection.commit()
    with database.session() as session:
        assert session.scalar(select(OLD_JOBS.c.result).where(OLD_JOBS.c.id == "cmp_old")) == {
            **OLD_RESULT,
            "verdict": {**OLD_VERDICT, "method": "bootstrap"},
        }
