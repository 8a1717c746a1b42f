"""Norms that schools make of their own students, with who approved them."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_local_norms"
down_revision = "20261126_exports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "local_norms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("instrument_version_id", sa.Integer(), nullable=False),
        sa.Column("instrument_code", sa.String(length=40), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("fewest", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_by_id", sa.Integer(), nullable=True),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_local_norms_{column}_{table}")
            )
            for column, table in (
                ("site_id", "sites"),
                ("campaign_id", "campaigns"),
                ("instrument_version_id", "instrument_versions"),
                ("made_by_id", "users"),
                ("approved_by_id", "users"),
                ("retired_by_id", "users"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_local_norms")),
        sa.UniqueConstraint("public_id", name=op.f("uq_local_norms_public_id")),
    )
    op.create_index("ix_local_norms_site_instrument", "local_norms", ["site_id", "instrument_code"])
    op.create_index(op.f("ix_local_norms_campaign_id"), "local_norms", ["campaign_id"])


def downgrade() -> None:
    op.drop_table("local_norms")
