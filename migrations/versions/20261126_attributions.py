"""attributions."""

import sqlalchemy as sa
from alembic import op

revision = '20261126_attributions'
down_revision = "20261126_again"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('sitting_attributions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('assessment_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('student_id', sa.Integer(), nullable=True),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('public_id', sa.String(length=22), nullable=False),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessments.id'], name=op.f('fk_sitting_attributions_assessment_id_assessments')),
    sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_sitting_attributions_site_id_sites')),
    sa.ForeignKeyConstraint(['student_id'], ['students.id'], name=op.f('fk_sitting_attributions_student_id_students')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_sitting_attributions_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sitting_attributions')),
    sa.UniqueConstraint('public_id', name=op.f('uq_sitting_attributions_public_id'))
    )
    with op.batch_alter_table('sitting_attributions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sitting_attributions_assessment_id'), ['assessment_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sitting_attributions_student_id'), ['student_id'], unique=False)
    op.create_table('mix_up_reports',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('campaign_id', sa.Integer(), nullable=False),
    sa.Column('student_id', sa.Integer(), nullable=False),
    sa.Column('other_id', sa.Integer(), nullable=True),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('public_id', sa.String(length=22), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_mix_up_reports_campaign_id_campaigns')),
    sa.ForeignKeyConstraint(['other_id'], ['students.id'], name=op.f('fk_mix_up_reports_other_id_students')),
    sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_mix_up_reports_site_id_sites')),
    sa.ForeignKeyConstraint(['student_id'], ['students.id'], name=op.f('fk_mix_up_reports_student_id_students')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_mix_up_reports_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mix_up_reports')),
    sa.UniqueConstraint('public_id', name=op.f('uq_mix_up_reports_public_id'))
    )
    with op.batch_alter_table('mix_up_reports', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mix_up_reports_campaign_id'), ['campaign_id'], unique=False)


def downgrade() -> None:
    op.drop_table('mix_up_reports')
    op.drop_table('sitting_attributions')
