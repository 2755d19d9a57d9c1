"""permissions for models"""

import sqlalchemy as sa
from alembic import op

revision = 'jobs_0010'
down_revision = 'jobs_0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('model_permissions',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('model', sa.String(), nullable=False),
    sa.Column('project_id', sa.String(), nullable=False),
    sa.Column('created_at', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['model'], ['adapters.name'], name=op.f('fk_model_permissions_model_adapters'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_model_permissions')),
    sa.UniqueConstraint('model', 'project_id', name=op.f('uq_model_permissions_model'))
    )
    op.create_index(op.f('ix_model_permissions_project_id'), 'model_permissions', ['project_id'], unique=False)


def downgrade() -> None:
    op.drop_table('model_permissions')
