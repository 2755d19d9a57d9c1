"""the base model that the worker of a job must have"""

import sqlalchemy as sa
from alembic import op

revision = "jobs_0014"
down_revision = "jobs_0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A job from before has none: any worker takes it, as it did then, and finds out whether it can train the model.
    op.add_column("jobs", sa.Column("base", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("jobs", "base")
