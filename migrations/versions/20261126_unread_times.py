"""When a room was opened and a seat taken stands in the audit log; nobody read these columns."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_unread_times"
down_revision = "20261126_withdrawals"
branch_labels = None
depends_on = None

TIMES = (("computer_rooms", "opened_at"), ("seats", "taken_at"))


def upgrade() -> None:
    for table, column in TIMES:
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column(column)


def downgrade() -> None:
    """The times are gone; what is there gets the present one."""
    for table, column in TIMES:
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(
                sa.Column(
                    column,
                    sa.DateTime(timezone=True),
                    nullable=False,
                    server_default=sa.func.current_timestamp(),
                )
            )
        with op.batch_alter_table(table) as batch_op:
            batch_op.alter_column(column, server_default=None)
