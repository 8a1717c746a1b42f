"""Re-scorings that fail or are withdrawn; written reasons for exports; counts of classes."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_withdrawals"
down_revision = "20261126_envelope_order"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("rescorings") as batch:
        batch.add_column(sa.Column("tries", sa.Integer(), server_default="0", nullable=False))
        batch.add_column(sa.Column("error", sa.String(length=80), nullable=True))
        batch.add_column(sa.Column("withdrawn_by_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("withdrawal_sealed", sa.LargeBinary(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_rescorings_withdrawn_by_id_users"), "users", ["withdrawn_by_id"], ["id"]
        )
    with op.batch_alter_table("research_exports") as batch:
        batch.add_column(sa.Column("decision_sealed", sa.LargeBinary(), nullable=True))
        batch.add_column(
            sa.Column("is_by_operator", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
    op.create_table(
        "cohort_counts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("invited", sa.Integer(), nullable=False),
        sa.Column("finished", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_cohort_counts_campaign_id_campaigns")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_cohort_counts_site_id_sites")
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohorts.id"], name=op.f("fk_cohort_counts_cohort_id_cohorts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort_counts")),
        sa.UniqueConstraint(
            "campaign_id", "cohort_id", name=op.f("uq_cohort_counts_campaign_id_cohort_id")
        ),
    )


def downgrade() -> None:
    op.drop_table("cohort_counts")
    with op.batch_alter_table("research_exports") as batch:
        batch.drop_column("is_by_operator")
        batch.drop_column("decision_sealed")
    with op.batch_alter_table("rescorings") as batch:
        batch.drop_constraint(op.f("fk_rescorings_withdrawn_by_id_users"), type_="foreignkey")
        batch.drop_column("withdrawal_sealed")
        batch.drop_column("withdrawn_by_id")
        batch.drop_column("error")
        batch.drop_column("tries")
