"""tables, columns and a stage get the names that the code uses"""

import sqlalchemy as sa
from alembic import op

revision = 'retrieval_0006'
down_revision = 'retrieval_0005'
branch_labels = None
depends_on = None

COLUMNS = (
    ('deleted_positions', 'departed_at', 'deleted_at'),
    ('reembeddings', 'reached', 'file_counts'),
    ('vector_store_files', 'began', 'may_have_points'),
)


def upgrade() -> None:
    op.drop_index('ix_departed_departed_at', table_name='departed')
    op.rename_table('departed', 'deleted_positions')
    for table, old, new in COLUMNS:
        _rename(table, old, new)
    op.create_index('ix_deleted_positions_deleted_at', 'deleted_positions', ['deleted_at'])
    _rename_stage('relabelling', 'updating_attributes')


def downgrade() -> None:
    _rename_stage('updating_attributes', 'relabelling')
    op.drop_index('ix_deleted_positions_deleted_at', table_name='deleted_positions')
    for table, old, new in COLUMNS:
        _rename(table, new, old)
    op.rename_table('deleted_positions', 'departed')
    op.create_index('ix_departed_departed_at', 'departed', ['departed_at'])


def _rename(table: str, old: str, new: str) -> None:
    # SQLite can do this too; Alembic would copy the whole table there.
    op.execute(f'ALTER TABLE {table} RENAME COLUMN {old} TO {new}')


def _rename_stage(old: str, new: str) -> None:
    files = sa.table('vector_store_files', sa.column('stage'))
    op.execute(files.update().where(files.c.stage == old).values(stage=new))
