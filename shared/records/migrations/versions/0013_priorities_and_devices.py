"""priorities of jobs, and the devices that they run on"""

import sqlalchemy as sa
from alembic import op

revision = "jobs_0013"
down_revision = "jobs_0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("jobs", sa.Column("priority", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("jobs", sa.Column("device", sa.String(), nullable=True))
    op.add_column("jobs", sa.Column("runs_on", sa.String(), nullable=True))


def downgrade() -> None:
    # Not in a batch: SQLite would rebuild the table, and delete the events of all jobs.
    for column in ("runs_on", "device", "priority"):
        op.drop_column("jobs", column)
