"""A slip that is used again keeps when it was used first."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_again"
down_revision = "20261125_drills"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("invitations") as batch:
        batch.add_column(sa.Column("first_started_at", sa.DateTime(timezone=True)))
        batch.add_column(sa.Column("first_finished_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    with op.batch_alter_table("invitations") as batch:
        batch.drop_column("first_finished_at")
        batch.drop_column("first_started_at")
