"""Adapters out of service, and adapters that are being deleted"""

import sqlalchemy as sa
from alembic import op

revision = 'jobs_0003'
down_revision = 'jobs_0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('adapters', schema=None) as batch_op:
        batch_op.add_column(sa.Column('faults', sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column('deleted_at', sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('adapters', schema=None) as batch_op:
        batch_op.drop_column('deleted_at')
        batch_op.drop_column('faults')
