"""Stored responses, in the jobs database: what was asked and answered in one turn, and which turn came before."""

from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from shared.database import Record


class StoredResponse(Record):
    """One turn. `input` are its items, `body` is the response as the wire has it."""

    __tablename__ = "responses"
    id: Mapped[str] = mapped_column(primary_key=True)
    project_id: Mapped[str] = mapped_column(index=True)
    previous_id: Mapped[str | None] = mapped_column(default=None)
    created_at: Mapped[int] = mapped_column(BigInteger)
    input: Mapped[list[Any]]
    body: Mapped[dict[str, Any]]
