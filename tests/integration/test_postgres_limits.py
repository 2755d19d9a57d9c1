"""Waits for PostgreSQL have a limit: for a connection, a statement, and a transaction that nobody ends."""

import socket

import pytest
from sqlalchemy import text

from shared import records
from shared.errors import DatabaseUnavailable
from shared.records.database import Database, migrate


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
