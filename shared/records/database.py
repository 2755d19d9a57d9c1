"""SQLAlchemy in one place: the engine for SQLite (WAL) or PostgreSQL, sessions, and migrations applied at start.

Calls are synchronous: a route that needs a record is a plain function, which the server runs in a thread.
"""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import JSON, Connection, Engine, MetaData, create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InterfaceError, OperationalError
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


class Record(DeclarativeBase):
    """The declarative class of every table."""

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
        """Yield a session in one transaction: committed at the end, rolled back on an error.

        Raises:
            DatabaseUnavailable: the database does not answer.
        """
        with _answering(), self._sessions.begin() as session:
            yield session

    def ping(self) -> None:
        """Raise DatabaseUnavailable unless the database answers."""
        with self.session() as session:
            session.execute(text("select 1"))

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeout) as error:
        problem = str(getattr(error, "orig", None) or error).splitlines()[0]  # the driver's own words
        raise DatabaseUnavailable(f"The database does not answer ({problem}). Check the DATABASE_URL setting.") from error


def open_engine(url: str) -> Engine:
    """Return an engine; SQLite gets WAL, foreign keys, and a 15 s wait for the one writer."""
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": 15})
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=15000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def migrate(database: Database, scripts: Path) -> None:
    """Bring the schema to the newest revision in the Alembic folder `scripts`; processes that start together take turns.

    Raises:
        DatabaseUnavailable: it does not answer.
        TandemError: it belongs to another service.
    """
    with _answering(), _turn(database), database.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("select pg_advisory_lock(7262)"))
        try:
            command.upgrade(_alembic(scripts, connection), "head")
        except CommandError as error:
            raise TandemError(
                f"The database {database.url.render_as_string()} holds another service's tables: give it one of its own."
            ) from error
        connection.commit()  # before others get their turn, or they would not see the tables
        if connection.dialect.name == "postgresql":
            connection.execute(text("select pg_advisory_unlock(7262)"))
            connection.commit()


def is_migrated(database: Database, scripts: Path) -> bool:
    """Tell whether the schema is at the newest revision in `scripts`."""
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


def _turn(database: Database) -> Any:
    file = database.url.database
    if database.url.get_backend_name() != "sqlite" or not file or file == ":memory:":
        return nullcontext()
    return _locked(Path(f"{file}.migrating"))


def include_tables(*records: type[Record]) -> Callable[[str | None, str, Any], bool]:
    """Return Alembic's `include_name` for the tables of `records`, since services share one metadata but not one database."""
    names = {record.__tablename__ for record in records}
    return lambda name, kind, _parents: kind != "table" or name in names
