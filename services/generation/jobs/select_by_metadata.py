"""Selects jobs by their metadata, in both databases."""

from sqlalchemy import ColumnElement, func, select

from services.generation.contracts.metadata_filter import PARAM, MetadataFilter
from shared.records.jobs import Job


def select_by_metadata(wanted: MetadataFilter, dialect: str) -> list[ColumnElement[bool]]:
    """Return the conditions on `Job` for a filter; `dialect` is SQLAlchemy's name of the database."""
    if wanted.is_null:
        return [Job.spec[PARAM].as_string().is_(None)]
    condition = _has_entry_in_sqlite if dialect == "sqlite" else _has_entry
    return [condition(key, value) for key, value in wanted.entries.items()]


def _has_entry(key: str, value: str) -> ColumnElement[bool]:
    stored: ColumnElement[str] = Job.spec[PARAM][key].as_string()
    return stored == value


def _has_entry_in_sqlite(key: str, value: str) -> ColumnElement[bool]:
    """Return the condition without a path to the key: SQLite's paths cannot spell every key, such as one with a quote."""
    entries = func.json_each(Job.spec, f"$.{PARAM}").table_valued("key", "value")
    return select(entries.c.key).where(entries.c.key == key, entries.c.value == value).exists()
