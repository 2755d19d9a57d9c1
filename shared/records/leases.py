"""Leases: which process works on a row, and until when. After a lease has expired, another process may claim the row.

Every change is one conditional UPDATE, so two processes can never both succeed. Knows nothing of what the work is.
"""

import time
from typing import Any

from sqlalchemy import ColumnElement, Update, or_, update
from sqlalchemy.orm import Mapped, Session, mapped_column


class LeaseColumns:
    """The columns of a row that one process at a time works on. `lease_expires_at` is in seconds since 1970."""

    lease_owner: Mapped[str | None] = mapped_column(default=None)
    lease_expires_at: Mapped[float | None] = mapped_column(default=None, index=True)


def is_free(model: type[Any]) -> ColumnElement[bool]:
    """Return the condition that no process holds the row."""
    return or_(model.lease_expires_at.is_(None), model.lease_expires_at < time.time())


def claim(session: Session, model: type[Any], *conditions: ColumnElement[bool], owner: str, seconds: float, **values: Any) -> bool:
    """Claim the row that matches `conditions`, if it is free, and set `values`; return whether the claim succeeded."""
    return _applied(session, _claim(model, conditions, owner, seconds).values(**values))


def _claim(model: type[Any], conditions: tuple[ColumnElement[bool], ...], owner: str, seconds: float) -> Update:
    expires = time.time() + seconds
    return update(model).where(*conditions, is_free(model)).values(lease_owner=owner, lease_expires_at=expires)


def renew(session: Session, model: type[Any], *conditions: ColumnElement[bool], owner: str, seconds: float) -> bool:
    """Extend the lease to `seconds` from now; return False if another owner has it."""
    held = update(model).where(*conditions, model.lease_owner == owner)
    return _applied(session, held.values(lease_expires_at=time.time() + seconds))


def release(session: Session, model: type[Any], *conditions: ColumnElement[bool], owner: str, **values: Any) -> bool:
    """Release the lease and set `values`; if another owner has it, change nothing and return False."""
    held = update(model).where(*conditions, model.lease_owner == owner)
    return _applied(session, held.values(lease_owner=None, lease_expires_at=None, **values))


def _applied(session: Session, statement: Update) -> bool:
    result: Any = session.execute(statement.execution_options(synchronize_session=False))
    return bool(result.rowcount)
