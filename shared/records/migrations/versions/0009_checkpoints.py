"""checkpoints of fine-tuning jobs: each adapter has the step of its weights, and an id as a checkpoint"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = 'jobs_0009'
down_revision = 'jobs_0008'
branch_labels = None
depends_on = None

ADAPTERS = sa.table('adapters', *(sa.column(name, sa.String()) for name in ('name', 'checkpoint_id')), sa.column('manifest', sa.JSON()), sa.column('step', sa.Integer()))


def upgrade() -> None:
    with op.batch_alter_table('adapters', schema=None) as batch_op:
        batch_op.add_column(sa.Column('checkpoint_id', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('step', sa.Integer(), nullable=True))
    op.create_index(op.f('ix_adapters_checkpoint_id'), 'adapters', ['checkpoint_id'], unique=True)
    connection = op.get_bind()
    # An adapter from before is the checkpoint of its job's last step.
    for name, manifest in connection.execute(sa.select(ADAPTERS.c.name, ADAPTERS.c.manifest)).all():
        if step := ((manifest or {}).get('metrics') or {}).get('steps'):
            values = {'checkpoint_id': f'ftckpt_{secrets.token_hex(12)}', 'step': step}
            connection.execute(sa.update(ADAPTERS).where(ADAPTERS.c.name == name).values(**values))


def downgrade() -> None:
    op.drop_index(op.f('ix_adapters_checkpoint_id'), 'adapters')
    with op.batch_alter_table('adapters', schema=None) as batch_op:
        batch_op.drop_column('step')
        batch_op.drop_column('checkpoint_id')
