"""Who may use a fine-tuned model: the project that owns it, and those that the owner has granted it.

It is the one place that decides this. Knows nothing of serving, and not which projects exist.
"""

import time
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, UniqueConstraint, and_, delete, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.contracts.paging import PageRequest, Slice
from shared.ids import new_id
from shared.records.database import Record
from shared.records.models.adapters import Adapter
from shared.records.pages import Listing, count_next, fetch_page


class ModelPermission(Record):
    """That `project_id`, which does not own the adapter `model`, may use it. Deleted together with the adapter.

    `number` grows with each permission for the adapter, and orders those of the same second. Those from before it was counted have 0.
    """

    __tablename__ = "model_permissions"
    __table_args__ = (UniqueConstraint("model", "project_id"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    model: Mapped[str] = mapped_column(ForeignKey("adapters.name", ondelete="CASCADE"))
    project_id: Mapped[str] = mapped_column(index=True)
    created_at: Mapped[int]
    number: Mapped[int] = mapped_column(default=0)


def may_use(project_id: str) -> ColumnElement[bool]:
    """Return the condition that the project may use an adapter."""
    granted = select(ModelPermission.model).where(ModelPermission.project_id == project_id)
    return and_(Adapter.deleted_at.is_(None), or_(Adapter.project_id == project_id, Adapter.name.in_(granted)))


def list_usable(session: Session, project_id: str) -> list[Adapter]:
    """Return the adapters that the project may use, oldest first."""
    return list(session.scalars(select(Adapter).where(may_use(project_id)).order_by(Adapter.created_at, Adapter.name)))


def find_usable(session: Session, project_id: str, name: str) -> Adapter | None:
    """Return the adapter of that name, or None if the project may not use it."""
    return session.scalars(select(Adapter).where(Adapter.name == name, may_use(project_id))).one_or_none()


def grant(session: Session, owner: str, name: str, project_ids: Collection[str]) -> list[ModelPermission] | None:
    """Let projects use the owner's adapter; return the permission of each, in this order. None if the owner has no such adapter.

    A project that may use it already keeps its permission.
    """
    if not _lock_adapter(session, owner, name):
        return None
    own = select(ModelPermission).where(ModelPermission.model == name, ModelPermission.project_id.in_(project_ids))
    permissions = {row.project_id: row for row in session.scalars(own)}
    now = int(time.time())
    first = count_next(session, ModelPermission.number, ModelPermission.model == name)
    new = [project_id for project_id in project_ids if project_id not in permissions]
    for number, project_id in enumerate(new, start=first):
        permission = ModelPermission(id=new_id("cp_"), model=name, project_id=project_id, created_at=now, number=number)
        permissions[project_id] = permission
        session.add(permission)
    return [permissions[project_id] for project_id in project_ids]


def _lock_adapter(session: Session, owner: str, name: str) -> bool:
    """Keep others from granting or deleting the owner's adapter until the transaction ends; return whether there is one.

    The lock is an update that changes nothing: PostgreSQL locks the row, SQLite the database.
    """
    own = update(Adapter).where(Adapter.name == name, Adapter.project_id == owner, Adapter.deleted_at.is_(None))
    locked: Any = session.execute(own.values(created_at=Adapter.created_at).execution_options(synchronize_session=False))
    return bool(locked.rowcount)


def list_permissions(session: Session, name: str, project_id: str | None, page: PageRequest) -> Slice[ModelPermission]:
    """Return the requested permissions for an adapter; with `project_id`, only that project's.

    Raises:
        InvalidRequest: if `after` or `before` names none of them.
    """
    rows = select(ModelPermission).where(ModelPermission.model == name)
    if project_id is not None:
        rows = rows.where(ModelPermission.project_id == project_id)
    order = (ModelPermission.created_at, ModelPermission.number, ModelPermission.id)
    return fetch_page(session, Listing(rows, ModelPermission.id, order), page)


def revoke(session: Session, name: str, permission_id: str) -> bool:
    """Delete a permission for an adapter; return whether there was one."""
    own = delete(ModelPermission).where(ModelPermission.id == permission_id, ModelPermission.model == name)
    deleted: Any = session.execute(own.execution_options(synchronize_session=False))
    return bool(deleted.rowcount)
