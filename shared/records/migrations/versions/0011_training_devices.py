"""training devices"""

import sqlalchemy as sa
from alembic import op

revision = 'jobs_0011'
down_revision = 'jobs_0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('training_devices',
    sa.Column('host', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('base', sa.String(), nullable=False),
    sa.Column('is_gpu', sa.Boolean(), nullable=False),
    sa.Column('bf16', sa.Boolean(), nullable=False),
    sa.Column('free_bytes', sa.BigInteger(), nullable=False),
    sa.Column('seen_at', sa.Double(), nullable=False),
    sa.Column('tokens_per_second', sa.Double(), nullable=True),
    sa.Column('measured_at', sa.Double(), nullable=True),
    sa.PrimaryKeyConstraint('host', 'name', 'base', name=op.f('pk_training_devices'))
    )


def downgrade() -> None:
    op.drop_table('training_devices')
