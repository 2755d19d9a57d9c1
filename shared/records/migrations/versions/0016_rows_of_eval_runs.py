"""the rows of eval runs apart from their jobs, and the order of evals and runs; text in responses that PostgreSQL refuses to search"""

import sqlalchemy as sa
from alembic import op

from shared.validation.storable import make_storable

revision = "jobs_0016"
down_revision = "jobs_0015"
branch_labels = None
depends_on = None

RUNS = sa.table("eval_runs", sa.column("job_id", sa.String()), sa.column("content", sa.JSON()))
JOBS = sa.table("jobs", sa.column("id", sa.String()), sa.column("spec", sa.JSON()))
RESPONSES = sa.table("responses", sa.column("id", sa.String()), sa.column("body", sa.JSON()))
# NUL, or half of a surrogate pair, as JSON's escapes write them. A text with an escaped backslash may match too, and is not changed.
HIGH, LOW = r"\\ud[89ab][0-9a-f]{2}", r"\\ud[c-f][0-9a-f]{2}"
UNSEARCHABLE = rf"\\u0000|{HIGH}(?!{LOW})|(?<!{HIGH}){LOW}"


def upgrade() -> None:
    # First, because it may read for minutes: the changes of tables lock them until the end.
    if op.get_bind().dialect.name == "postgresql":
        _make_responses_searchable()
    # Evals and runs from before have the number 0, and come first among those of the same second. Their rows stay in the job's spec.
    for table in ("evals", "eval_runs"):
        op.add_column(table, sa.Column("number", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("eval_runs", sa.Column("content", sa.JSON(), nullable=True))


def _make_responses_searchable() -> None:
    """Replace what makes PostgreSQL refuse to look into the JSON of a response: new ones are stored without it."""
    connection = op.get_bind()
    unsearchable = sa.select(RESPONSES.c.id).where(sa.cast(RESPONSES.c.body, sa.Text).regexp_match(UNSEARCHABLE))
    for id in connection.scalars(unsearchable).all():
        body = connection.scalars(sa.select(RESPONSES.c.body).where(RESPONSES.c.id == id)).one()
        connection.execute(sa.update(RESPONSES).where(RESPONSES.c.id == id).values(body=make_storable(body)))


def downgrade() -> None:
    _put_rows_back()
    # Not in a batch: SQLite would rebuild the tables, and delete what refers to them.
    for table, column in (("eval_runs", "content"), ("eval_runs", "number"), ("evals", "number")):
        op.drop_column(table, column)


def _put_rows_back() -> None:
    connection = op.get_bind()
    for job_id in connection.scalars(sa.select(RUNS.c.job_id).where(RUNS.c.content.is_not(None))).all():
        content = connection.scalars(sa.select(RUNS.c.content).where(RUNS.c.job_id == job_id)).one()
        spec = connection.scalars(sa.select(JOBS.c.spec).where(JOBS.c.id == job_id)).one()
        source = {**spec["data_source"]["source"], "content": content}
        changed = {**spec, "data_source": {**spec["data_source"], "source": source}}
        connection.execute(sa.update(JOBS).where(JOBS.c.id == job_id).values(spec=changed))
