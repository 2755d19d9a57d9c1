"""how far a re-embedding was when it ended"""

import sqlalchemy as sa
from alembic import op

revision = 'retrieval_0005'
down_revision = 'retrieval_0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('reembeddings', schema=None) as batch_op:
        batch_op.add_column(sa.Column('reached', sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column('percent', sa.Double(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('reembeddings', schema=None) as batch_op:
        batch_op.drop_column('percent')
        batch_op.drop_column('reached')
