"""What a changed instrument would do to past results, and the ledger of what was scored again."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_weighings"
down_revision = "20261126_drafts"
branch_labels = None
depends_on = None


def _foreign(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}")
    )


def upgrade() -> None:
    op.create_table(
        "weighings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("instrument_code", sa.String(length=40), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("draft_ref", sa.String(length=22), nullable=True),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("cursor", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        _foreign("weighings", "asked_by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weighings")),
        sa.UniqueConstraint("public_id", name=op.f("uq_weighings_public_id")),
    )
    op.create_index("ix_weighings_instrument_code", "weighings", ["instrument_code"])
    op.create_index("ix_weighings_draft_ref", "weighings", ["draft_ref"])
    op.create_table(
        "rescorings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("weighing_id", sa.Integer(), nullable=False),
        sa.Column("instrument_version_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        _foreign("rescorings", "site_id", "sites"),
        _foreign("rescorings", "weighing_id", "weighings"),
        _foreign("rescorings", "instrument_version_id", "instrument_versions"),
        _foreign("rescorings", "proposed_by_id", "users"),
        _foreign("rescorings", "decided_by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rescorings")),
        sa.UniqueConstraint("public_id", name=op.f("uq_rescorings_public_id")),
    )
    op.create_index("ix_rescorings_site_id", "rescorings", ["site_id"])
    op.create_table(
        "score_moves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("weighing_id", sa.Integer(), nullable=False),
        sa.Column("rescoring_id", sa.Integer(), nullable=True),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("was", sa.String(length=40), nullable=False),
        sa.Column("now", sa.String(length=40), nullable=False),
        _foreign("score_moves", "weighing_id", "weighings"),
        _foreign("score_moves", "rescoring_id", "rescorings"),
        _foreign("score_moves", "assessment_id", "assessments"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_moves")),
    )
    op.create_index("ix_score_moves_weighing_site", "score_moves", ["weighing_id", "site_id"])
    op.create_index("ix_score_moves_rescoring_id", "score_moves", ["rescoring_id"])
    with op.batch_alter_table("administrations") as batch_op:
        batch_op.add_column(sa.Column("rescoring_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("supersedes_id", sa.Integer(), nullable=True))
        batch_op.create_index("ix_administrations_rescoring_id", ["rescoring_id"])
        batch_op.create_foreign_key(
            op.f("fk_administrations_rescoring_id_rescorings"),
            "rescorings",
            ["rescoring_id"],
            ["id"],
        )
        batch_op.create_foreign_key(
            op.f("fk_administrations_supersedes_id_administrations"),
            "administrations",
            ["supersedes_id"],
            ["id"],
        )


def downgrade() -> None:
    # What was scored again goes with the ledger; the results of before were never touched.
    op.execute(
        "DELETE FROM scale_scores WHERE administration_id IN "
        "(SELECT id FROM administrations WHERE rescoring_id IS NOT NULL)"
    )
    op.execute("DELETE FROM administrations WHERE rescoring_id IS NOT NULL")
    with op.batch_alter_table("administrations") as batch_op:
        batch_op.drop_constraint(
            op.f("fk_administrations_supersedes_id_administrations"), type_="foreignkey"
        )
        batch_op.drop_constraint(
            op.f("fk_administrations_rescoring_id_rescorings"), type_="foreignkey"
        )
        batch_op.drop_index("ix_administrations_rescoring_id")
        batch_op.drop_column("supersedes_id")
        batch_op.drop_column("rescoring_id")
    op.drop_table("score_moves")
    op.drop_table("rescorings")
    op.drop_table("weighings")
