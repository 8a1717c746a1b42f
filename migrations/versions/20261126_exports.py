"""Requests for research exports, with their campaigns and schools."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_exports"
down_revision = "20261126_weighings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "research_exports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("form", sa.String(length=32), nullable=False),
        sa.Column("detail", sa.String(length=32), nullable=False),
        sa.Column("instruments", sa.JSON(), nullable=False),
        sa.Column("has_outcome", sa.Boolean(), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("purpose_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("risks", sa.JSON(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        sa.Column("rows_total", sa.Integer(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.ForeignKeyConstraint(["asked_by_id"], ["users.id"]),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("public_id"),
    )
    for noun, table in (("campaign", "campaigns"), ("site", "sites")):
        op.create_table(
            f"research_export_{table}",
            sa.Column("export_id", sa.Integer(), nullable=False),
            sa.Column(f"{noun}_id", sa.Integer(), nullable=False),
            sa.ForeignKeyConstraint(["export_id"], ["research_exports.id"]),
            sa.ForeignKeyConstraint([f"{noun}_id"], [f"{table}.id"]),
            sa.PrimaryKeyConstraint("export_id", f"{noun}_id"),
        )


def downgrade() -> None:
    op.drop_table("research_export_sites")
    op.drop_table("research_export_campaigns")
    op.drop_table("research_exports")
