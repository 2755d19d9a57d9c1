"""files that are held, such as those of a fine-tuning job that has not ended"""

import sqlalchemy as sa
from alembic import op

revision = "retrieval_0009"
down_revision = "retrieval_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "file_holds",
        sa.Column("file_id", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("until", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_file_holds_file_id_files"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("file_id", "holder", name=op.f("pk_file_holds")),
    )


def downgrade() -> None:
    op.drop_table("file_holds")
