"""Waits for PostgreSQL have a limit: for a connection, a statement, a deadlock, and a transaction that nobody ends."""

import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from shared import records
from shared.errors import DatabaseUnavailable, TandemError
from shared.records.database import MIGRATION_LOCK, Database, migrate
from tests.serving import wait_until

INCREMENT = text("update counters set value = value + 1 where id = :id")


def read_limits(url: str) -> tuple[str, str]:
    """Return the limits of a session on a migrated database."""
    database = Database(url)
    migrate(database, records.MIGRATIONS)
    with database.session() as session:
        shown = session.scalar(text("show statement_timeout")), session.scalar(text("show idle_in_transaction_session_timeout"))
    database.close()
    return str(shown[0]), str(shown[1])


def test_a_statement_and_an_open_transaction_have_a_limit(postgres_url: str) -> None:
    assert read_limits(postgres_url) == ("1min", "1min")


def test_the_limits_in_the_url_stay(postgres_url: str) -> None:
    separator = "&" if "?" in postgres_url else "?"
    own = f"{postgres_url}{separator}options=-c%20idle_in_transaction_session_timeout%3D5s"
    assert read_limits(own)[1] == "5s"


def test_a_server_that_accepts_connections_and_says_nothing_is_unavailable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        database = Database(f"postgresql+psycopg://127.0.0.1:{silent.getsockname()[1]}/jobs?connect_timeout=2")
        with pytest.raises(DatabaseUnavailable, match="DATABASE_URL"):
            database.ping()
        database.close()


def test_a_transaction_that_was_idle_for_too_long_finds_the_database_unavailable(postgres_url: str) -> None:
    database, observer = Database(postgres_url), Database(postgres_url)

    def is_open(process: int) -> bool:
        with observer.session() as session:
            return session.scalar(text("select true from pg_stat_activity where pid = :pid"), {"pid": process}) is not None

    with pytest.raises(DatabaseUnavailable, match="idle"), database.session() as session:
        session.execute(text("set idle_in_transaction_session_timeout = '50ms'"))
        process = session.scalar(text("select pg_backend_pid()"))
        wait_until(lambda: not is_open(process))
        session.execute(text("select 1"))
    database.ping()
    database.close()
    observer.close()


def test_a_failed_migration_leaves_no_connection_with_its_lock_or_without_limits(postgres_url: str) -> None:
    database = Database(postgres_url)
    migrate(database, records.MIGRATIONS)
    with pytest.raises(TandemError, match="another service"):
        migrate(database, Path("services/retrieval/migrations"))
    locks = text("select count(*) from pg_locks where locktype = 'advisory' and objid = :lock")

    def is_locked() -> bool:
        with database.session() as session:
            return bool(session.scalar(locks, {"lock": MIGRATION_LOCK}))

    wait_until(lambda: not is_locked())
    with database.session() as session:
        assert session.scalar(text("show statement_timeout")) == "1min"
    database.close()


def open_counters(url: str) -> Database:
    """Return a database with two counters."""
    database = Database(url)
    with database.session() as session:
        session.execute(text("create table counters (id int primary key, value int not null)"))
        session.execute(text("insert into counters values (1, 0), (2, 0)"))
    return database


def count_up_in_a_circle(work: Callable[[Callable[[Session], None]], None]) -> list[int]:
    """Let two threads count both counters up, each in another order, so that they wait for each other. Return which counted when first."""
    both, runs = threading.Barrier(2), list[int]()

    def count_up(first: int, second: int) -> None:
        def count(session: Session) -> None:
            runs.append(first)
            is_first_run = len(runs) <= 2
            session.execute(INCREMENT, {"id": first})
            if is_first_run:
                both.wait(60)
            session.execute(INCREMENT, {"id": second})

        work(count)

    with ThreadPoolExecutor(2) as threads:
        for counting in [threads.submit(count_up, 1, 2), threads.submit(count_up, 2, 1)]:
            counting.result(60)
    return runs


def test_a_transaction_that_was_ended_because_of_a_deadlock_is_run_again(postgres_url: str) -> None:
    database = open_counters(postgres_url)
    assert len(count_up_in_a_circle(database.run)) == 3
    with database.session() as session:
        assert session.scalars(text("select value from counters")).all() == [2, 2]
    database.close()


def test_a_deadlock_says_what_it_is(postgres_url: str) -> None:
    database = open_counters(postgres_url)

    def count_once(count: Callable[[Session], None]) -> None:
        with database.session() as session:
            count(session)

    with pytest.raises(DatabaseUnavailable, match=r"waited for each other.*Try again"):
        count_up_in_a_circle(count_once)
    database.close()
