"""requests that an engine sleeps while a model is trained"""

import sqlalchemy as sa
from alembic import op

revision = "jobs_0015"
down_revision = "jobs_0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "engine_sleeps",
        sa.Column("engine_url", sa.String(), nullable=False),
        sa.Column("job_id", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("requested_at", sa.Double(), nullable=False),
        sa.Column("is_asleep", sa.Boolean(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_engine_sleeps_job_id_jobs"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("engine_url", "job_id", name=op.f("pk_engine_sleeps")),
    )


def downgrade() -> None:
    op.drop_table("engine_sleeps")
