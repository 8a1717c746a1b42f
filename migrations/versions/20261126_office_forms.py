"""Forms of the education office that are filled from group reports."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_office_forms"
down_revision = "20261126_local_norms"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "office_forms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("layout", sa.String(length=64), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("title_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_office_forms_site_id_sites")
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["users.id"], name=op.f("fk_office_forms_uploaded_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_forms")),
        sa.UniqueConstraint("public_id", name=op.f("uq_office_forms_public_id")),
    )
    op.create_index(op.f("ix_office_forms_site_id"), "office_forms", ["site_id"])


def downgrade() -> None:
    op.drop_table("office_forms")
