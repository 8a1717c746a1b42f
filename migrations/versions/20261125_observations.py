"""Observation reports, entries without a sitting, PINs with what they open, special tags."""

import sqlalchemy as sa
from alembic import op

revision = '20261125_observations'
down_revision = "20261125_interviews"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('pin_misses',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code_index', sa.LargeBinary(length=16), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pin_misses'))
    )
    with op.batch_alter_table('pin_misses', schema=None) as batch_op:
        batch_op.create_index('ix_pin_misses_code_at', ['code_index', 'at'], unique=False)

    op.create_table('observation_reports',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('student_id', sa.Integer(), nullable=True),
    sa.Column('reporter_id', sa.Integer(), nullable=False),
    sa.Column('signs', sa.JSON(), nullable=False),
    sa.Column('since', sa.String(length=32), nullable=True),
    sa.Column('reported_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('form_token', sa.String(length=22), nullable=False),
    sa.Column('public_id', sa.String(length=22), nullable=False),
    sa.ForeignKeyConstraint(['reporter_id'], ['users.id'], name=op.f('fk_observation_reports_reporter_id_users')),
    sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_observation_reports_site_id_sites')),
    sa.ForeignKeyConstraint(['student_id'], ['students.id'], name=op.f('fk_observation_reports_student_id_students')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_observation_reports')),
    sa.UniqueConstraint('public_id', name=op.f('uq_observation_reports_public_id')),
    sa.UniqueConstraint('reporter_id', 'form_token', name=op.f('uq_observation_reports_reporter_id_form_token'))
    )
    with op.batch_alter_table('observation_reports', schema=None) as batch_op:
        batch_op.create_index('ix_observation_reports_reporter', ['reporter_id', 'reported_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_observation_reports_student_id'), ['student_id'], unique=False)

    op.create_table('student_replies',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('student_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('phrase', sa.String(length=32), nullable=False),
    sa.Column('day', sa.Date(), nullable=True),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('public_id', sa.String(length=22), nullable=False),
    sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_student_replies_site_id_sites')),
    sa.ForeignKeyConstraint(['student_id'], ['students.id'], name=op.f('fk_student_replies_student_id_students')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_student_replies_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_student_replies')),
    sa.UniqueConstraint('public_id', name=op.f('uq_student_replies_public_id'))
    )
    with op.batch_alter_table('student_replies', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_student_replies_student_id'), ['student_id'], unique=False)

    op.create_table('student_tags',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('student_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('reason_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('since_on', sa.Date(), nullable=False),
    sa.Column('review_on', sa.Date(), nullable=False),
    sa.Column('set_by_id', sa.Integer(), nullable=False),
    sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_by_id', sa.Integer(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('public_id', sa.String(length=22), nullable=False),
    sa.ForeignKeyConstraint(['ended_by_id'], ['users.id'], name=op.f('fk_student_tags_ended_by_id_users')),
    sa.ForeignKeyConstraint(['set_by_id'], ['users.id'], name=op.f('fk_student_tags_set_by_id_users')),
    sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_student_tags_site_id_sites')),
    sa.ForeignKeyConstraint(['student_id'], ['students.id'], name=op.f('fk_student_tags_student_id_students')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_student_tags')),
    sa.UniqueConstraint('public_id', name=op.f('uq_student_tags_public_id'))
    )
    with op.batch_alter_table('student_tags', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_student_tags_student_id'), ['student_id'], unique=False)
        batch_op.create_index('uq_student_tags_live', ['student_id', 'kind'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))

    op.create_table('slip_pins',
    sa.Column('invitation_id', sa.Integer(), nullable=False),
    sa.Column('pin_hash', sa.String(length=120), nullable=False),
    sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['invitation_id'], ['invitations.id'], name=op.f('fk_slip_pins_invitation_id_invitations')),
    sa.PrimaryKeyConstraint('invitation_id', name=op.f('pk_slip_pins'))
    )
    op.create_table('queue_entry_reports',
    sa.Column('queue_entry_id', sa.Integer(), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['queue_entry_id'], ['queue_entries.id'], name=op.f('fk_queue_entry_reports_queue_entry_id_queue_entries')),
    sa.ForeignKeyConstraint(['report_id'], ['observation_reports.id'], name=op.f('fk_queue_entry_reports_report_id_observation_reports')),
    sa.PrimaryKeyConstraint('queue_entry_id', 'report_id', name=op.f('pk_queue_entry_reports'))
    )
    with op.batch_alter_table('queue_entry_reports', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_queue_entry_reports_report_id'), ['report_id'], unique=False)

    with op.batch_alter_table('queue_entries', schema=None) as batch_op:
        batch_op.add_column(sa.Column('observer_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('is_asked_for', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.alter_column('campaign_id',
               existing_type=sa.INTEGER(),
               nullable=True)
        batch_op.alter_column('assessment_id',
               existing_type=sa.INTEGER(),
               nullable=True)
        batch_op.create_index('uq_queue_entries_open_observer', ['observer_id'], unique=True, sqlite_where=sa.text("state != 'settled' AND observer_id IS NOT NULL"), postgresql_where=sa.text("state != 'settled' AND observer_id IS NOT NULL"))
        batch_op.create_foreign_key(batch_op.f('fk_queue_entries_observer_id_users'), 'users', ['observer_id'], ['id'])
        batch_op.create_check_constraint(op.f('ck_queue_entries_stands_for_somebody'), 'student_id IS NOT NULL OR assessment_id IS NOT NULL OR observer_id IS NOT NULL')

    # Who asked for a talk is found by a column from now on.
    op.execute(
        "UPDATE queue_entries SET is_asked_for = TRUE WHERE id IN (SELECT queue_entry_id "
        "FROM queue_entry_flags JOIN flags ON flags.id = flag_id WHERE flags.kind = 'request')"
    )


def downgrade() -> None:
    with op.batch_alter_table('queue_entry_reports', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_queue_entry_reports_report_id'))

    op.drop_table('queue_entry_reports')

    # Flags that joined a report lend their sitting; what stands for a report alone cannot go back.
    op.execute(sa.text('UPDATE queue_entries SET '
        'assessment_id = (SELECT min(f.assessment_id) FROM queue_entry_flags q JOIN flags f ON f.id = q.flag_id WHERE q.queue_entry_id = queue_entries.id), '
        'campaign_id = (SELECT min(f.campaign_id) FROM queue_entry_flags q JOIN flags f ON f.id = q.flag_id WHERE q.queue_entry_id = queue_entries.id) '
        'WHERE assessment_id IS NULL'))
    op.execute(sa.text('DELETE FROM queue_entries WHERE assessment_id IS NULL'))
    with op.batch_alter_table('queue_entries', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_queue_entries_stands_for_somebody'), type_='check')
        batch_op.drop_constraint(batch_op.f('fk_queue_entries_observer_id_users'), type_='foreignkey')
        batch_op.drop_index('uq_queue_entries_open_observer', sqlite_where=sa.text("state != 'settled' AND observer_id IS NOT NULL"), postgresql_where=sa.text("state != 'settled' AND observer_id IS NOT NULL"))
        batch_op.alter_column('assessment_id',
               existing_type=sa.INTEGER(),
               nullable=False)
        batch_op.alter_column('campaign_id',
               existing_type=sa.INTEGER(),
               nullable=False)
        batch_op.drop_column('is_asked_for')
        batch_op.drop_column('observer_id')

    op.drop_table('slip_pins')
    with op.batch_alter_table('student_tags', schema=None) as batch_op:
        batch_op.drop_index('uq_student_tags_live', sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_student_tags_student_id'))

    op.drop_table('student_tags')
    with op.batch_alter_table('student_replies', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_student_replies_student_id'))

    op.drop_table('student_replies')
    with op.batch_alter_table('observation_reports', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_observation_reports_student_id'))
        batch_op.drop_index('ix_observation_reports_reporter')

    op.drop_table('observation_reports')
    with op.batch_alter_table('pin_misses', schema=None) as batch_op:
        batch_op.drop_index('ix_pin_misses_code_at')

    op.drop_table('pin_misses')
