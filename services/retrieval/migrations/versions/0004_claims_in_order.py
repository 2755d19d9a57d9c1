"""attachments of a status in the order they are claimed in"""

from alembic import op

revision = 'retrieval_0004'
down_revision = 'retrieval_0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('vector_store_files', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_vector_store_files_status'))
        batch_op.create_index('ix_vector_store_files_status_created_at', ['status', 'created_at'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('vector_store_files', schema=None) as batch_op:
        batch_op.drop_index('ix_vector_store_files_status_created_at')
        batch_op.create_index(batch_op.f('ix_vector_store_files_status'), ['status'], unique=False)
