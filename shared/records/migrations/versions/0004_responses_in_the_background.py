"""responses in the background"""

import sqlalchemy as sa
from alembic import op

revision = 'jobs_0004'
down_revision = 'jobs_0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('response_events',
    sa.Column('response_id', sa.String(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['response_id'], ['responses.id'], name=op.f('fk_response_events_response_id_responses'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('response_id', 'number', name=op.f('pk_response_events'))
    )
    with op.batch_alter_table('responses', schema=None) as batch_op:
        # What is stored has ended, nearly always well; `body` says how in any case.
        batch_op.add_column(sa.Column('status', sa.String(), nullable=False, server_default='completed'))
        batch_op.add_column(sa.Column('asked', sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column('takeovers', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('lease_owner', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('lease_expires_at', sa.Double(), nullable=True))
        batch_op.create_index(batch_op.f('ix_responses_status'), ['status'], unique=False)
        batch_op.create_index(batch_op.f('ix_responses_lease_expires_at'), ['lease_expires_at'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('responses', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_responses_lease_expires_at'))
        batch_op.drop_index(batch_op.f('ix_responses_status'))
        for column in ('lease_expires_at', 'lease_owner', 'takeovers', 'asked', 'status'):
            batch_op.drop_column(column)

    op.drop_table('response_events')
