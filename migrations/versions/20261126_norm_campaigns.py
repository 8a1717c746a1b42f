"""Norms of a school may be made of several finished campaigns."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_norm_campaigns"
down_revision = "20261126_unread_times"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "local_norm_campaigns",
        sa.Column("norm_id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_local_norm_campaigns_{column}_{table}")
            )
            for column, table in (("norm_id", "local_norms"), ("campaign_id", "campaigns"))
        ),
        sa.PrimaryKeyConstraint("norm_id", "campaign_id", name=op.f("pk_local_norm_campaigns")),
    )
    op.create_index(
        op.f("ix_local_norm_campaigns_campaign_id"), "local_norm_campaigns", ["campaign_id"]
    )


def downgrade() -> None:
    """Norms of several campaigns would pass for those of one: without the table they go."""
    op.execute(
        "UPDATE local_norms SET retired_at = CURRENT_TIMESTAMP WHERE retired_at IS NULL"
        " AND id IN (SELECT norm_id FROM local_norm_campaigns)"
    )
    op.drop_table("local_norm_campaigns")
