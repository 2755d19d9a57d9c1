"""Leases: which process works on a row, and until when. After a lease has expired, another process may claim the row.

Every change is one conditional UPDATE, so two processes can never both succeed. Only the database's clock counts, so that workers whose
clocks differ agree on when a lease ends. Knows nothing of what the work is.
"""

from typing import Any

from sqlalchemy import ColumnElement, Double, Update, and_, or_, update
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.sql.functions import FunctionElement


class database_now(FunctionElement[float]):  # noqa: N801  a function of SQL
    """The time on the clock of the database, in seconds since 1970."""

    type = Double()
    inherit_cache = True


@compiles(database_now, "sqlite")
def _now_in_sqlite(*_: Any, **__: Any) -> str:
    return "((julianday('now') - 2440587.5) * 86400.0)"


@compiles(database_now, "postgresql")
def _now_in_postgresql(*_: Any, **__: Any) -> str:
    # The same in a whole statement, so that an index can be used.
    return "CAST(extract(epoch FROM statement_timestamp()) AS double precision)"


class LeaseColumns:
    """The columns of a row that one process at a time works on. `lease_expires_at` is in seconds since 1970.

    A row without an owner that has this time was deferred: no process claims it before then.
    """

    lease_owner: Mapped[str | None] = mapped_column(default=None)
    lease_expires_at: Mapped[float | None] = mapped_column(default=None, index=True)


def is_free(model: type[Any]) -> ColumnElement[bool]:
    """Return the condition that no process holds the row, and that it is not deferred: one may claim it."""
    return or_(model.lease_expires_at.is_(None), model.lease_expires_at < database_now())


def is_held(model: type[Any]) -> ColumnElement[bool]:
    """Return the condition that a process holds the row."""
    return and_(model.lease_owner.is_not(None), ~is_free(model))


def claim(session: Session, model: type[Any], *conditions: ColumnElement[bool], owner: str, seconds: float, **values: Any) -> bool:
    """Claim the row that matches `conditions`, if it is free, and set `values`; return whether the claim succeeded."""
    return _applied(session, _claim(model, conditions, owner, seconds).values(**values))


def _claim(model: type[Any], conditions: tuple[ColumnElement[bool], ...], owner: str, seconds: float) -> Update:
    return update(model).where(*conditions, is_free(model)).values(lease_owner=owner, lease_expires_at=expires_in(seconds))


def expires_in(seconds: float) -> ColumnElement[float]:
    """Return the moment when a lease ends that is given for `seconds` now."""
    return database_now() + seconds


def renew(session: Session, model: type[Any], *conditions: ColumnElement[bool], owner: str, seconds: float) -> bool:
    """Extend the lease to `seconds` from now; return False if another owner has it."""
    held = update(model).where(*conditions, model.lease_owner == owner)
    return _applied(session, held.values(lease_expires_at=expires_in(seconds)))


def release(session: Session, model: type[Any], *conditions: ColumnElement[bool], owner: str, **values: Any) -> bool:
    """Release the lease and set `values`; if another owner has it, change nothing and return False."""
    held = update(model).where(*conditions, model.lease_owner == owner)
    return _applied(session, held.values(lease_owner=None, lease_expires_at=None, **values))


def defer(session: Session, model: type[Any], *conditions: ColumnElement[bool], owner: str, seconds: float, **values: Any) -> bool:
    """Release the lease and set `values`; no process can claim the row for so many seconds. If another owner has it, change nothing and
    return False.
    """
    held = update(model).where(*conditions, model.lease_owner == owner)
    return _applied(session, held.values(lease_owner=None, lease_expires_at=expires_in(seconds), **values))


def _applied(session: Session, statement: Update) -> bool:
    result: Any = session.execute(statement.execution_options(synchronize_session=False))
    return bool(result.rowcount)
