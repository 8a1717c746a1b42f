"""Drafts of instruments."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_drafts"
down_revision = "20261126_rooms"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "instrument_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("origin", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("licence_proof_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("pathway", sa.Text(), nullable=False),
        sa.Column("base_version_id", sa.Integer(), nullable=True),
        sa.Column("published_version_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("fk_instrument_drafts_author_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["users.id"], name=op.f("fk_instrument_drafts_reviewer_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["base_version_id"],
            ["instrument_versions.id"],
            name=op.f("fk_instrument_drafts_base_version_id_instrument_versions"),
        ),
        sa.ForeignKeyConstraint(
            ["published_version_id"],
            ["instrument_versions.id"],
            name=op.f("fk_instrument_drafts_published_version_id_instrument_versions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instrument_drafts")),
        sa.UniqueConstraint("public_id", name=op.f("uq_instrument_drafts_public_id")),
    )
    op.create_index(op.f("ix_instrument_drafts_author_id"), "instrument_drafts", ["author_id"])


def downgrade() -> None:
    op.drop_table("instrument_drafts")
