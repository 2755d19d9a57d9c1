"""Runs the migrations on the connection that `shared.records.database.migrate` passes in."""

from alembic import context

from services.retrieval.catalog.records import TABLES
from shared.records.database import Record, include_tables
from shared.records.projects import ApiKey, Project

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Record.metadata,
    include_name=include_tables(Project, ApiKey, *TABLES),
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
