"""the order of jobs, webhook endpoints and permissions within a second; until when the files of a job are held"""

import sqlalchemy as sa
from alembic import op

revision = "jobs_0017"
down_revision = "jobs_0016"
branch_labels = None
depends_on = None

NUMBERED = ("jobs", "webhook_endpoints", "model_permissions")


def upgrade() -> None:
    # Rows from before have the number 0, and come first among those of the same second.
    for table in NUMBERED:
        op.add_column(table, sa.Column("number", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_jobs_number", "jobs", ["project_id", "kind", "number"])
    op.add_column("jobs", sa.Column("files_held_until", sa.Double(), nullable=True))


def downgrade() -> None:
    # Not in a batch: SQLite would rebuild the tables, and delete what refers to them.
    op.drop_column("jobs", "files_held_until")
    op.drop_index("ix_jobs_number", "jobs")
    for table in NUMBERED:
        op.drop_column(table, "number")
