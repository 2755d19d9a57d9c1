"""Runs the migrations on the connection that `shared.database.migrate` hands over."""

from alembic import context

from shared.adapters import Adapter
from shared.answers import Answer
from shared.auth import ApiKey, Project
from shared.database import Record, only
from shared.jobs import Job, JobEvent
from shared.responses import ResponseEvent, StoredResponse

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Record.metadata,
    include_name=only(Project, ApiKey, Job, JobEvent, Adapter, Answer, StoredResponse, ResponseEvent),
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
