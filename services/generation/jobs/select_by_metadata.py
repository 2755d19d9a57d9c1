"""Selects jobs by their metadata, in both databases."""

from sqlalchemy import ColumnElement

from services.generation.contracts.metadata_filter import PARAM, MetadataFilter
from shared.records.jobs import Job
from shared.records.json_entries import has_entries


def select_by_metadata(wanted: MetadataFilter, dialect: str) -> list[ColumnElement[bool]]:
    """Return the conditions on `Job` for a filter; `dialect` is SQLAlchemy's name of the database."""
    if wanted.is_null:
        return [Job.spec[PARAM].as_string().is_(None)]
    return has_entries(Job.spec, wanted.entries, dialect, PARAM)
