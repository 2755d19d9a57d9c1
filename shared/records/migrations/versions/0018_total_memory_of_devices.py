"""the memory that training devices have, free or not"""

import sqlalchemy as sa
from alembic import op

revision = "jobs_0018"
down_revision = "jobs_0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("training_devices", sa.Column("total_bytes", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("training_devices", "total_bytes")
