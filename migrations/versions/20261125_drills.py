"""Drills, their made-up students, and messages that say so."""

import sqlalchemy as sa
from alembic import op

revision = '20261125_drills'
down_revision = "20261125_worker"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('alarm_drills',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('campaign_id', sa.Integer(), nullable=True),
    sa.Column('student_id', sa.Integer(), nullable=True),
    sa.Column('started_by_id', sa.Integer(), nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by_id', sa.Integer(), nullable=True),
    sa.Column('script', sa.String(length=20), nullable=False),
    sa.Column('is_passed', sa.Boolean(), nullable=True),
    sa.Column('seconds', sa.JSON(), nullable=False),
    sa.Column('public_id', sa.String(length=22), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_alarm_drills_campaign_id_campaigns')),
    sa.ForeignKeyConstraint(['ended_by_id'], ['users.id'], name=op.f('fk_alarm_drills_ended_by_id_users')),
    sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_alarm_drills_site_id_sites')),
    sa.ForeignKeyConstraint(['started_by_id'], ['users.id'], name=op.f('fk_alarm_drills_started_by_id_users')),
    sa.ForeignKeyConstraint(['student_id'], ['students.id'], name=op.f('fk_alarm_drills_student_id_students')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alarm_drills')),
    sa.UniqueConstraint('public_id', name=op.f('uq_alarm_drills_public_id'))
    )
    with op.batch_alter_table('alarm_drills', schema=None) as batch_op:
        batch_op.create_index('ix_alarm_drills_site_ended', ['site_id', 'ended_at'], unique=False)
        batch_op.create_index('uq_alarm_drills_running', ['site_id'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))

    with op.batch_alter_table('alarm_messages', schema=None) as batch_op:
        batch_op.add_column(sa.Column('is_drill', sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table('cohorts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('is_synthetic', sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table('students', schema=None) as batch_op:
        batch_op.add_column(sa.Column('is_synthetic', sa.Boolean(), server_default=sa.false(), nullable=False))



def downgrade() -> None:
    with op.batch_alter_table('students', schema=None) as batch_op:
        batch_op.drop_column('is_synthetic')

    with op.batch_alter_table('cohorts', schema=None) as batch_op:
        batch_op.drop_column('is_synthetic')

    with op.batch_alter_table('alarm_messages', schema=None) as batch_op:
        batch_op.drop_column('is_drill')

    with op.batch_alter_table('alarm_drills', schema=None) as batch_op:
        batch_op.drop_index('uq_alarm_drills_running', sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
        batch_op.drop_index('ix_alarm_drills_site_ended')

    op.drop_table('alarm_drills')
