"""Selects rows by the entries of a JSON object in one of their columns, in both databases."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, func, select


def has_entries(column: Any, entries: Mapping[str, str], dialect: str, name: str | None = None) -> list[ColumnElement[bool]]:
    """Return the conditions that an object has all of `entries`: that in `column`, or, with `name`, in its field of that name.

    `dialect` is SQLAlchemy's name of the database.
    """
    if dialect == "sqlite":
        return [_has_entry_in_sqlite(column, key, value, name) for key, value in entries.items()]
    stored = column if name is None else column[name]
    return [stored[key].as_string() == value for key, value in entries.items()]


def _has_entry_in_sqlite(column: Any, key: str, value: str, name: str | None) -> ColumnElement[bool]:
    """Return the condition without a path to the key: SQLite's paths cannot spell every key, such as one with a quote."""
    entries = func.json_each(column, "$" if name is None else f"$.{name}").table_valued("key", "value")
    return select(entries.c.key).where(entries.c.key == key, entries.c.value == value).exists()
