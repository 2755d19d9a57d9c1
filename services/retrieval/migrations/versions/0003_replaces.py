"""what an attachment replaces"""

import sqlalchemy as sa
from alembic import op

revision = 'retrieval_0003'
down_revision = 'retrieval_0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('vector_store_files', schema=None) as batch_op:
        batch_op.add_column(sa.Column('replaces', sa.JSON(), nullable=True))
        batch_op.create_index(batch_op.f('ix_vector_store_files_duplicate_of'), ['duplicate_of'], unique=False)
        batch_op.create_index(batch_op.f('ix_vector_store_files_sha256'), ['sha256'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('vector_store_files', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_vector_store_files_sha256'))
        batch_op.drop_index(batch_op.f('ix_vector_store_files_duplicate_of'))
        batch_op.drop_column('replaces')
