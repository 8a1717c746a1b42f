"""Printing of releases as a job; releases for classes of a whole school, and without names."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_print_runs"
down_revision = "20261126_office_forms"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("summary_releases") as batch:
        batch.alter_column("cohort_id", existing_type=sa.Integer(), nullable=True)
        batch.add_column(
            sa.Column("has_names", sa.Boolean(), server_default=sa.true(), nullable=False)
        )
    op.create_table(
        "print_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("student_ids", sa.JSON(), nullable=False),
        sa.Column("batches", sa.JSON(), nullable=False),
        sa.Column("fronts", sa.JSON(), nullable=False),
        sa.Column("parts_printed", sa.Integer(), nullable=False),
        sa.Column("marked", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"],
            ["summary_releases.id"],
            name=op.f("fk_print_runs_release_id_summary_releases"),
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_print_runs_site_id_sites")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_print_runs_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_runs")),
        sa.UniqueConstraint("public_id", name=op.f("uq_print_runs_public_id")),
    )
    op.create_index(op.f("ix_print_runs_release_id"), "print_runs", ["release_id"])
    op.create_index(op.f("ix_print_runs_site_id"), "print_runs", ["site_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_print_runs_site_id"), table_name="print_runs")
    op.drop_index(op.f("ix_print_runs_release_id"), table_name="print_runs")
    op.drop_table("print_runs")
    op.execute(
        "DELETE FROM summary_release_students WHERE release_id IN"
        " (SELECT id FROM summary_releases WHERE cohort_id IS NULL)"
    )
    op.execute("DELETE FROM summary_releases WHERE cohort_id IS NULL")
    with op.batch_alter_table("summary_releases") as batch:
        batch.drop_column("has_names")
        batch.alter_column("cohort_id", existing_type=sa.Integer(), nullable=False)
