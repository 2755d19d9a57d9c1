"""how the speed of a training device was measured, and the calibrations that estimates request"""

import sqlalchemy as sa
from alembic import op

revision = "jobs_0019"
down_revision = "jobs_0018"
branch_labels = None
depends_on = None

COLUMNS = (
    ("measured_by", sa.String()),
    ("calibration_requested_at", sa.Double()),
    ("calibration_failed_at", sa.Double()),
    ("calibration_problem", sa.String()),
)


def upgrade() -> None:
    for name, kind in COLUMNS:
        op.add_column("training_devices", sa.Column(name, kind, nullable=True))
    op.execute("UPDATE training_devices SET measured_by = 'training' WHERE measured_at IS NOT NULL")


def downgrade() -> None:
    for name, _ in COLUMNS:
        op.drop_column("training_devices", name)
