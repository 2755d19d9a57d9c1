"""SQLAlchemy: the engine for SQLite (WAL) or PostgreSQL, sessions, and the migrations that a service applies when it starts.

Calls are synchronous. A route that needs a record is a plain function, which the server runs in a thread.
"""

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, TypeVar

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import JSON, Connection, Engine, MetaData, create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

from shared.errors import DatabaseUnavailable, TandemError

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
POSTGRESQL_CONNECTION = {  # libpq's parameters: seconds, except for the last, which is in milliseconds
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
# A statement that waits longer fails as if the database were away, and its caller tries again. A process that was stopped inside a
# transaction loses its connection, so that others do not wait for its locks.
STATEMENT_LIMIT = "set statement_timeout = '60s'"
POSTGRESQL_LIMITS = (STATEMENT_LIMIT, "set idle_in_transaction_session_timeout = '60s'")
IDLE_IN_TRANSACTION = "25P03"  # PostgreSQL's code of the error
# PostgreSQL ended this transaction, because it and another one waited for each other or conflicted.
DEADLOCKS = ("40P01", "40001")
DEADLOCK_MESSAGE = "This request and another one waited for each other, so the database ended this one. Try again."
MAX_RUNS = 3
RUN_AGAIN_SECONDS = 0.2  # the other transaction needs a moment to get the locks
MIGRATION_LOCK = 7262

T = TypeVar("T")


class Record(DeclarativeBase):
    """The base of every table's class."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {dict[str, Any]: JSON, list[Any]: JSON}


class Database:
    """An engine and its sessions. `url` is SQLAlchemy's, such as `sqlite:////data/jobs.db` or `postgresql+psycopg://…`."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        if self.url.get_backend_name() == "sqlite" and self.url.database:
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
        self.engine = open_engine(url)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Yield a session in one transaction, which is committed at the end, or rolled back on an error.

        Raises:
            DatabaseUnavailable: if the database does not respond.
        """
        with _translate_errors(), self._sessions.begin() as session:
            yield session

    def run(self, work: Callable[[Session], T]) -> T:
        """Call `work` with a session in one transaction, as `session` does, and return what it returns.

        If the database ends the transaction because of a deadlock, nothing is stored, and `work` is called again, up to three times in all.
        So `work` must do nothing but use the session.

        Raises:
            DatabaseUnavailable: if the database does not respond.
        """
        for _ in range(MAX_RUNS - 1):
            try:
                with self.session() as session:
                    return work(session)
            except DatabaseUnavailable as error:
                if not _is_deadlock(error.__cause__):
                    raise
            time.sleep(RUN_AGAIN_SECONDS)
        with self.session() as session:
            return work(session)

    def ping(self) -> None:
        """Raise DatabaseUnavailable unless the database responds."""
        with self.session() as session:
            session.execute(text("select 1"))

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


@contextmanager
def _translate_errors() -> Iterator[None]:
    try:
        yield
    except (DBAPIError, PoolTimeout) as error:
        if not _is_unavailable(error):
            raise
        if _is_deadlock(error):
            raise DatabaseUnavailable(DEADLOCK_MESSAGE) from error
        problem = str(getattr(error, "orig", None) or error).splitlines()[0]  # the driver's message
        raise DatabaseUnavailable(f"The database does not respond ({problem}). Check the setting DATABASE_URL.") from error


def _is_deadlock(error: BaseException | None) -> bool:
    return getattr(getattr(error, "orig", None), "sqlstate", None) in DEADLOCKS


def _is_unavailable(error: DBAPIError | PoolTimeout) -> bool:
    """Return whether the error is about the connection. PostgreSQL's message about an idle transaction comes as an internal error."""
    if isinstance(error, OperationalError | InterfaceError | PoolTimeout) or error.connection_invalidated:
        return True
    return getattr(error.orig, "sqlstate", None) == IDLE_IN_TRANSACTION


def open_engine(url: str) -> Engine:
    """Return an engine. SQLite gets WAL, foreign keys, and a wait of up to 15 s for its only writer.

    PostgreSQL gets a limit for every wait, so that a server that is gone without a word holds up nobody. What the URL sets itself stays.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        limits = {name: value for name, value in POSTGRESQL_CONNECTION.items() if name not in parsed.query}
        server = create_engine(url, pool_pre_ping=True, connect_args=limits)
        if "options" not in parsed.query:
            event.listen(server, "connect", _limit_statements)
        return server
    engine = create_engine(url, connect_args={"timeout": 15})
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _limit_statements(connection: DBAPIConnection, _record: object) -> None:
    """Limit a session of PostgreSQL. By statements, because connection poolers refuse most parameters when a connection is opened."""
    cursor = connection.cursor()
    for statement in POSTGRESQL_LIMITS:
        cursor.execute(statement)
    cursor.close()
    connection.commit()


def _prepare_sqlite(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=15000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def migrate(database: Database, scripts: Path) -> None:
    """Upgrade the schema to the newest revision in the Alembic folder `scripts`. Processes that start together wait for each other.

    Raises:
        DatabaseUnavailable: if the database does not respond.
        TandemError: if the database belongs to another service.
    """
    with _translate_errors(), _lock_file(database), database.engine.connect() as connection, _lock_server(connection):
        try:
            command.upgrade(_alembic(scripts, connection), "head")
        except CommandError as error:
            raise TandemError(
                f"The database {database.url.render_as_string()} has the tables of another service. Each service needs its own database."
            ) from error
        connection.commit()  # before the lock is released, or the next process would not see the tables


def is_migrated(database: Database, scripts: Path) -> bool:
    """Return whether the schema has the newest revision in `scripts`."""
    with database.engine.connect() as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
    return revision == ScriptDirectory(str(scripts)).get_current_head()


def _alembic(scripts: Path, connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(scripts))
    config.attributes["connection"] = connection
    return config


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _lock_file(database: Database) -> AbstractContextManager[None]:
    """Return the lock for migrations of an SQLite file; other databases do their own locking."""
    file = database.url.database
    if database.url.get_backend_name() != "sqlite" or not file or file == ":memory:":
        return nullcontext()
    return _locked(Path(f"{file}.migrating"))


@contextmanager
def _lock_server(connection: Connection) -> Iterator[None]:
    """Hold PostgreSQL's lock for migrations; other databases have none. A statement may take any time, as may the wait for the lock.

    After an error the connection is closed, which releases the lock: it must not return to the pool with the lock and without a limit.
    """
    if connection.dialect.name != "postgresql":
        yield
        return
    try:
        connection.execute(text("set statement_timeout = 0"))
        connection.execute(text(f"select pg_advisory_lock({MIGRATION_LOCK})"))
        yield
        connection.execute(text(f"select pg_advisory_unlock({MIGRATION_LOCK})"))
        connection.execute(text(STATEMENT_LIMIT))
        connection.commit()
    except BaseException:
        connection.invalidate()
        raise


def include_tables(*records: type[Record]) -> Callable[[str | None, str, Any], bool]:
    """Return Alembic's `include_name` for the tables of `records`. All services share one metadata, but not one database."""
    names = {record.__tablename__ for record in records}
    return lambda name, kind, _parents: kind != "table" or name in names
