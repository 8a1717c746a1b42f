"""How long an item was shown before it was answered."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_item_times"
down_revision = "20261126_board"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("responses") as batch_op:
        batch_op.add_column(sa.Column("shown_ms", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("responses") as batch_op:
        batch_op.drop_column("shown_ms")
