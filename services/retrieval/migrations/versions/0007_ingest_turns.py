"""projects and stores take turns in the ingest queue"""

import sqlalchemy as sa
from alembic import op

revision = 'retrieval_0007'
down_revision = 'retrieval_0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'ingest_turns',
        sa.Column('vector_store_id', sa.String(), nullable=False),
        sa.Column('project_id', sa.String(), nullable=False),
        sa.Column('last_turn_at', sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint('vector_store_id', name=op.f('pk_ingest_turns')),
    )
    op.create_index('ix_ingest_turns_project', 'ingest_turns', ['project_id', 'last_turn_at'])
    op.create_index('ix_vector_store_files_queue', 'vector_store_files', ['status', 'vector_store_id', 'created_at'])
    op.drop_index('ix_vector_store_files_status_created_at', table_name='vector_store_files')


def downgrade() -> None:
    op.create_index('ix_vector_store_files_status_created_at', 'vector_store_files', ['status', 'created_at'])
    op.drop_index('ix_vector_store_files_queue', table_name='vector_store_files')
    op.drop_index('ix_ingest_turns_project', table_name='ingest_turns')
    op.drop_table('ingest_turns')
