"""Counts from which group reports are made."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_statistics"
down_revision = "20261126_item_times"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "campaign_counts",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("campaign_id", sa.Integer(), sa.ForeignKey("campaigns.id"), nullable=False),
        sa.Column("site_id", sa.Integer(), sa.ForeignKey("sites.id"), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("invited", sa.Integer(), nullable=False),
        sa.Column("finished", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("careless", sa.Integer(), nullable=False),
        sa.UniqueConstraint("campaign_id", "site_id"),
    )
    op.create_table(
        "scale_counts",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("campaign_id", sa.Integer(), sa.ForeignKey("campaigns.id"), nullable=False),
        sa.Column("site_id", sa.Integer(), sa.ForeignKey("sites.id"), nullable=False),
        sa.Column("cohort_id", sa.Integer(), sa.ForeignKey("cohorts.id"), nullable=False),
        sa.Column("sex", sa.String(length=32), nullable=True),
        sa.Column("instrument_code", sa.String(40), nullable=False),
        sa.Column("scale", sa.String(40), nullable=False),
        sa.Column("band", sa.String(40), nullable=True),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("total", sa.Double(), nullable=False),
        sa.Column("squares", sa.Double(), nullable=False),
    )
    op.create_index(
        "ix_scale_counts_campaign_scale",
        "scale_counts",
        ["campaign_id", "instrument_code", "scale"],
    )
    op.create_table(
        "item_counts",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("campaign_id", sa.Integer(), sa.ForeignKey("campaigns.id"), nullable=False),
        sa.Column("site_id", sa.Integer(), sa.ForeignKey("sites.id"), nullable=False),
        sa.Column("instrument_code", sa.String(40), nullable=False),
        sa.Column("item_code", sa.String(40), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.UniqueConstraint("campaign_id", "site_id", "instrument_code", "item_code", "value"),
    )


def downgrade() -> None:
    op.drop_table("item_counts")
    op.drop_index("ix_scale_counts_campaign_scale", table_name="scale_counts")
    op.drop_table("scale_counts")
    op.drop_table("campaign_counts")
