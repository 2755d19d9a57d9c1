"""items of datasets"""

import sqlalchemy as sa
from alembic import op

revision = 'jobs_0007'
down_revision = 'jobs_0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('dataset_items',
    sa.Column('job_id', sa.String(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['job_id'], ['jobs.id'], name=op.f('fk_dataset_items_job_id_jobs'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('job_id', 'key', name=op.f('pk_dataset_items'))
    )


def downgrade() -> None:
    op.drop_table('dataset_items')
    op.execute("DELETE FROM jobs WHERE kind = 'dataset'")
