"""Leases: which process works on a row, and until when. The database decides; an expired lease may be taken over.

Every change is one conditional UPDATE, so two processes can never both win. Knows nothing of what the work is.
"""

import time
from typing import Any

from sqlalchemy import ColumnElement, Update, or_, update
from sqlalchemy.orm import Mapped, Session, mapped_column


class LeaseColumns:
    """Columns of a row that one process at a time works on. `lease_expires_at` is in seconds since 1970."""

    lease_owner: Mapped[str | None] = mapped_column(default=None)
    lease_expires_at: Mapped[float | None] = mapped_column(default=None, index=True)


def is_free(model: type[Any]) -> ColumnElement[bool]:
    """Return the condition that nobody holds the row now."""
    return or_(model.lease_expires_at.is_(None), model.lease_expires_at < time.time())


def claim(session: Session, model: type[Any], *conditions: ColumnElement[bool], owner: str, seconds: float, **values: Any) -> bool:
    """Take the one row that `conditions` name, where it is free, setting `values` with it; tell whether it was won."""
    return _applied(session, _claim(model, conditions, owner, seconds).values(**values))


def _claim(model: type[Any], conditions: tuple[ColumnElement[bool], ...], owner: str, seconds: float) -> Update:
    expires = time.time() + seconds
    return update(model).where(*conditions, is_free(model)).values(lease_owner=owner, lease_expires_at=expires)


def renew(session: Session, model: type[Any], *conditions: ColumnElement[bool], owner: str, seconds: float) -> bool:
    """Extend the lease by `seconds` from now; False where it was lost to another owner."""
    held = update(model).where(*conditions, model.lease_owner == owner)
    return _applied(session, held.values(lease_expires_at=time.time() + seconds))


def release(session: Session, model: type[Any], *conditions: ColumnElement[bool], owner: str, **values: Any) -> bool:
    """Give the lease back, setting `values` with it; False (and nothing changed) where it was lost."""
    held = update(model).where(*conditions, model.lease_owner == owner)
    return _applied(session, held.values(lease_owner=None, lease_expires_at=None, **values))


def _applied(session: Session, statement: Update) -> bool:
    result: Any = session.execute(statement.execution_options(synchronize_session=False))
    return bool(result.rowcount)
