"""What the class board knows of a sitting, and reminders to class teachers."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_board"
down_revision = "20261126_attributions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "class_reminders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_class_reminders_campaign_id_campaigns")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohorts.id"], name=op.f("fk_class_reminders_cohort_id_cohorts")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_class_reminders_site_id_sites")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_reminders")),
        sa.UniqueConstraint("campaign_id", "cohort_id", "on", name=op.f("uq_class_reminders_campaign_id_cohort_id_on")),
    )
    op.create_index(op.f("ix_class_reminders_cohort_id"), "class_reminders", ["cohort_id"])

    with op.batch_alter_table("campaigns", schema=None) as batch_op:
        batch_op.add_column(sa.Column("remind_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("remind_again_on", sa.Date(), nullable=True))

    with op.batch_alter_table("assessments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("is_waiting", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("assessments", schema=None) as batch_op:
        batch_op.drop_column("is_waiting")
        batch_op.drop_column("heard_at")
        batch_op.drop_column("moved_at")

    with op.batch_alter_table("campaigns", schema=None) as batch_op:
        batch_op.drop_column("remind_again_on")
        batch_op.drop_column("remind_on")

    op.drop_index(op.f("ix_class_reminders_cohort_id"), table_name="class_reminders")
    op.drop_table("class_reminders")
