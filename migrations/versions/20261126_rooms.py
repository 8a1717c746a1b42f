"""Computer rooms of a class, the seats that machines take there, and the seat of a sitting."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_rooms"
down_revision = "20261126_swap_dismissals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "computer_rooms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=8), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_computer_rooms_campaign_id_campaigns")
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohorts.id"], name=op.f("fk_computer_rooms_cohort_id_cohorts")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_computer_rooms_site_id_sites")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_computer_rooms")),
        sa.UniqueConstraint("public_id", name=op.f("uq_computer_rooms_public_id")),
        sa.UniqueConstraint("token", name=op.f("uq_computer_rooms_token")),
    )
    op.create_index(
        "ix_computer_rooms_campaign_cohort", "computer_rooms", ["campaign_id", "cohort_id"]
    )
    op.create_table(
        "seats",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["room_id"], ["computer_rooms.id"], name=op.f("fk_seats_room_id_computer_rooms")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seats")),
        sa.UniqueConstraint("room_id", "number", name=op.f("uq_seats_room_id_number")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_seats_secret_hash")),
    )
    with op.batch_alter_table("assessments") as batch_op:
        batch_op.add_column(sa.Column("seat", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("assessments") as batch_op:
        batch_op.drop_column("seat")
    op.drop_table("seats")
    op.drop_table("computer_rooms")
