"""How the sheets of a printing lie in the pile."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_envelope_order"
down_revision = "20261126_print_runs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("print_runs") as batch:
        batch.add_column(
            sa.Column("envelope_order", sa.String(length=32), server_default="roll", nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table("print_runs") as batch:
        batch.drop_column("envelope_order")
