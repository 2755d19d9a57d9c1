"""a column gets the name that the code uses"""

from alembic import op

revision = 'jobs_0005'
down_revision = 'jobs_0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # SQLite can do this too; Alembic would copy the whole table there.
    op.execute('ALTER TABLE responses RENAME COLUMN asked TO request')


def downgrade() -> None:
    op.execute('ALTER TABLE responses RENAME COLUMN request TO asked')
