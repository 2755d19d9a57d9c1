"""how many seconds of work indexing a file took"""

import sqlalchemy as sa
from alembic import op

revision = "retrieval_0008"
down_revision = "retrieval_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Stays null for the files that are indexed already: how long that took was not measured.
    op.add_column("vector_store_files", sa.Column("indexing_seconds", sa.Double(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("vector_store_files", schema=None) as batch_op:
        batch_op.drop_column("indexing_seconds")
