"""swap dismissals."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_swap_dismissals"
down_revision = "20261126_statistics"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "swap_dismissals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_swap_dismissals_{column}_{table}")
            )
            for column, table in (
                ("campaign_id", "campaigns"),
                ("one_id", "assessments"),
                ("other_id", "assessments"),
                ("site_id", "sites"),
                ("user_id", "users"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_swap_dismissals")),
        sa.UniqueConstraint("public_id", name=op.f("uq_swap_dismissals_public_id")),
    )
    with op.batch_alter_table("swap_dismissals", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_swap_dismissals_campaign_id"), ["campaign_id"], unique=False
        )


def downgrade() -> None:
    op.drop_table("swap_dismissals")
