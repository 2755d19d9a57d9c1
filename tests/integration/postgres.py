"""A real PostgreSQL server for tests, from the wheel that carries one; reached over a socket in its own folder."""

from collections.abc import Callable

import psycopg

from shared.ids import new_id


def database_maker(server: str) -> Callable[[], str]:
    """Return what creates databases in the server and returns their SQLAlchemy URLs."""

    def create() -> str:
        name = new_id("t").lower()
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'create database "{name}"'.encode())
        return server.replace("postgresql://", "postgresql+psycopg://", 1).replace("/postgres?", f"/{name}?", 1)

    return create
